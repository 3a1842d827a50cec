package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * An amount of each {@link Resource}.
 *
 * @param gpuMilli thousandths of a GPU
 * @param cpuMilli thousandths of a CPU core
 * @param memoryMib main memory, MiB
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record ResourceAmounts(long gpuMilli, long cpuMilli, long memoryMib) {
    public static final ResourceAmounts NONE = new ResourceAmounts(0, 0, 0);

    /** The largest amount: more than a hundred thousand of the largest nodes have, and exact as a {@code double}. */
    public static final long AMOUNT_MAX = 1L << 50;

    public ResourceAmounts {
        Check.inRange("gpu_milli", gpuMilli, 0L, AMOUNT_MAX);
        Check.inRange("cpu_milli", cpuMilli, 0L, AMOUNT_MAX);
        Check.inRange("memory_mib", memoryMib, 0L, AMOUNT_MAX);
    }

    public static ResourceAmounts ofGpus(long gpuMilli) {
        return new ResourceAmounts(gpuMilli, 0, 0);
    }

    public long of(Resource resource) {
        return switch (resource) {
            case GPU -> gpuMilli;
            case CPU -> cpuMilli;
            case MEMORY -> memoryMib;
        };
    }

    /** Returns the sum; it stops at {@link #AMOUNT_MAX}. */
    public ResourceAmounts plus(ResourceAmounts other) {
        return new ResourceAmounts(
                sum(gpuMilli, other.gpuMilli), sum(cpuMilli, other.cpuMilli), sum(memoryMib, other.memoryMib));
    }

    private static long sum(long one, long other) {
        return Math.min(one + other, AMOUNT_MAX);
    }
}
