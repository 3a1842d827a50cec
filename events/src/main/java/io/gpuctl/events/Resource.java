package io.gpuctl.events;

/** A resource of a cluster that queues share. */
public enum Resource {
    /** In thousandths of a GPU. */
    GPU("gpu_milli"),
    /** In thousandths of a CPU core. */
    CPU("cpu_milli"),
    /** Main memory, MiB. */
    MEMORY("memory_mib");

    private final String field;

    Resource(String field) {
        this.field = field;
    }

    /** Returns the name of an amount's field in JSON, with its unit. */
    public String field() {
        return field;
    }
}
