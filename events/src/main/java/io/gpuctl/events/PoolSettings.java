package io.gpuctl.events;

/**
 * What an operator sets for a pool. Durations are in ms of cluster time.
 *
 * @param manual whether passes run only when asked for
 * @param nodeLossesMax how often a task may lose its node before it fails
 * @param retryBackoffMs delay before the second attempt of a task that failed; doubles with each further one
 * @param suspectAfterMs silence after which a node gets no new tasks
 * @param lostAfterMs silence after which a node's tasks are requeued
 * @param finishedTasksKept how many finished tasks are remembered, so that a repeated submission is recognised; the
 *     oldest are forgotten first
 */
public record PoolSettings(
        PolicySpec policy,
        boolean manual,
        int nodeLossesMax,
        long retryBackoffMs,
        long suspectAfterMs,
        long lostAfterMs,
        int finishedTasksKept) {
    public PoolSettings {
        Check.present("policy", policy);
        Check.inRange("node_losses_max", nodeLossesMax, 0, 1_000_000);
        Check.inRange("retry_backoff_ms", retryBackoffMs, 0L, Work.MAX_DURATION_MS);
        Check.inRange("suspect_after_ms", suspectAfterMs, 1L, Work.MAX_DURATION_MS);
        Check.inRange("lost_after_ms", lostAfterMs, suspectAfterMs, Work.MAX_DURATION_MS);
        Check.inRange("finished_tasks_kept", finishedTasksKept, 0, 100_000_000);
    }

    public static PoolSettings withPolicy(PolicySpec policy) {
        return new PoolSettings(policy, false, 20, 1_000, 5_000, 10_000, 100_000);
    }
}
