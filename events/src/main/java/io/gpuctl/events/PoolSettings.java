package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * An operator's settings for a pool. Durations are in ms of cluster time.
 *
 * @param manual whether scheduling passes run only on request
 * @param nodeLossesMax how often a task may lose its node before it fails
 * @param retryBackoffMs delay before the second attempt of a failed task; doubles with each further attempt
 * @param suspectAfterMs silence after which a node gets no new tasks
 * @param lostAfterMs silence after which a node's tasks are requeued
 * @param finishedTasksKept how many finished tasks are remembered, so that a repeated submission is recognised; the
 *     oldest are forgotten first
 * @param health when nodes are cordoned automatically, and for how long
 */
public record PoolSettings(
        PolicySpec policy,
        boolean manual,
        int nodeLossesMax,
        long retryBackoffMs,
        long suspectAfterMs,
        long lostAfterMs,
        int finishedTasksKept,
        // JSON omits settings that are equal to UNWRITTEN: older records have no health settings.
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = UnwrittenHealth.class)
        HealthSettings health) {
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: old settings have none
    public PoolSettings {
        Check.present("policy", policy);
        Check.inRange("node_losses_max", nodeLossesMax, 0, 1_000_000);
        Check.inRange("retry_backoff_ms", retryBackoffMs, 0L, Work.MAX_DURATION_MS);
        Check.inRange("suspect_after_ms", suspectAfterMs, 1L, Work.MAX_DURATION_MS);
        Check.inRange("lost_after_ms", lostAfterMs, suspectAfterMs, Work.MAX_DURATION_MS);
        Check.inRange("finished_tasks_kept", finishedTasksKept, 0, 100_000_000);
        health = health == null ? HealthSettings.UNWRITTEN : health;
    }

    public PoolSettings(
            PolicySpec policy,
            boolean manual,
            int nodeLossesMax,
            long retryBackoffMs,
            long suspectAfterMs,
            long lostAfterMs,
            int finishedTasksKept) {
        this(
                policy,
                manual,
                nodeLossesMax,
                retryBackoffMs,
                suspectAfterMs,
                lostAfterMs,
                finishedTasksKept,
                HealthSettings.DEFAULT);
    }

    /** Equals the settings that JSON omits. */
    static final class UnwrittenHealth {
        @Override
        public boolean equals(@Nullable Object health) {
            return HealthSettings.UNWRITTEN.equals(health);
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    public static PoolSettings withPolicy(PolicySpec policy) {
        return new PoolSettings(policy, false, 20, 1_000, 5_000, 10_000, 100_000);
    }
}
