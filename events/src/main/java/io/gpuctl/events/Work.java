package io.gpuctl.events;

/**
 * What a task does on its GPUs, for nodes that simulate it.
 *
 * @param durationMs run time at full clock, ms of cluster time; a throttled GPU takes longer
 * @param utilization load on the task's share of each GPU, 0 to 1
 * @param exitCode what the program ends with: 0 is success, anything else a failed attempt
 */
public record Work(long durationMs, double utilization, int exitCode) {
    /** Ten years. */
    public static final long MAX_DURATION_MS = 10L * 365 * 24 * 3600 * 1000;

    /** Load of a task that does not say: a typical training job keeps a GPU about nine tenths busy. */
    public static final double DEFAULT_UTILIZATION = 0.9;

    public Work {
        Check.inRange("work.duration_ms", durationMs, 0L, MAX_DURATION_MS);
        Check.inRange("work.utilization", utilization, 0.0, 1.0);
        Check.inRange("work.exit_code", exitCode, 0, 255);
    }

    public static Work lasting(long durationMs) {
        return new Work(durationMs, DEFAULT_UTILIZATION, 0);
    }
}
