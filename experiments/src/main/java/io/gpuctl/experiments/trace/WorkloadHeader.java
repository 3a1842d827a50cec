package io.gpuctl.experiments.trace;

import org.jspecify.annotations.Nullable;

/**
 * The first line of a file in the project's own format, which may be missing.
 *
 * @param name name of the file in which the workload was recorded
 * @param notes what was lost in the conversion from that file
 */
record WorkloadHeader(
        String format,
        int version,
        @Nullable String name,
        @Nullable ReadingNotes notes) {

    static final String FORMAT = "gpuctl-workload";
    static final int VERSION = 1;

    static WorkloadHeader of(String name, ReadingNotes notes) {
        return new WorkloadHeader(FORMAT, VERSION, name, notes);
    }
}
