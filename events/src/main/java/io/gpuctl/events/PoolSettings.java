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
 * @param finishedTasksKeptMs how long a finished task is remembered; older ones are forgotten with the pool's next
 *     facts, see {@link #FORGOTTEN_PER_FACT_MAX}; 0 for no limit
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
        HealthSettings health,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long finishedTasksKeptMs) {
    public static final int FINISHED_TASKS_KEPT_MAX = 100_000_000;

    /**
     * How many tasks a fact may make too old to be remembered: one fact after a long pause must not delay all others.
     */
    public static final int FORGOTTEN_PER_FACT_MAX = 1_000;

    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: old settings have none
    public PoolSettings {
        Check.present("policy", policy);
        Check.inRange("node_losses_max", nodeLossesMax, 0, 1_000_000);
        Check.inRange("retry_backoff_ms", retryBackoffMs, 0L, Work.MAX_DURATION_MS);
        Check.inRange("suspect_after_ms", suspectAfterMs, 1L, Work.MAX_DURATION_MS);
        Check.inRange("lost_after_ms", lostAfterMs, suspectAfterMs, Work.MAX_DURATION_MS);
        Check.inRange("finished_tasks_kept", finishedTasksKept, 0, FINISHED_TASKS_KEPT_MAX);
        health = health == null ? HealthSettings.UNWRITTEN : health;
        Check.inRange("finished_tasks_kept_ms", finishedTasksKeptMs, 0L, Work.MAX_DURATION_MS);
    }

    /** Returns the settings of a pool for which nothing but the policy was chosen. */
    public static PoolSettings withPolicy(PolicySpec policy) {
        return new PoolSettings(policy, false, 20, 1_000, 5_000, 10_000, 100_000, HealthSettings.DEFAULT, 0);
    }

    /** Returns these settings under another policy. */
    public PoolSettings under(PolicySpec newPolicy) {
        return new PoolSettings(
                newPolicy,
                manual,
                nodeLossesMax,
                retryBackoffMs,
                suspectAfterMs,
                lostAfterMs,
                finishedTasksKept,
                health,
                finishedTasksKeptMs);
    }

    /** Returns these settings with scheduling passes only on request, or without a request too. */
    public PoolSettings withManual(boolean newManual) {
        return new PoolSettings(
                policy,
                newManual,
                nodeLossesMax,
                retryBackoffMs,
                suspectAfterMs,
                lostAfterMs,
                finishedTasksKept,
                health,
                finishedTasksKeptMs);
    }

    /** Returns these settings with another limit on the nodes that a task may lose. */
    public PoolSettings withNodeLossesMax(int newNodeLossesMax) {
        return new PoolSettings(
                policy,
                manual,
                newNodeLossesMax,
                retryBackoffMs,
                suspectAfterMs,
                lostAfterMs,
                finishedTasksKept,
                health,
                finishedTasksKeptMs);
    }

    /** Returns these settings with other limits on the silence of a node. */
    public PoolSettings withSilence(long newSuspectAfterMs, long newLostAfterMs) {
        return new PoolSettings(
                policy,
                manual,
                nodeLossesMax,
                retryBackoffMs,
                newSuspectAfterMs,
                newLostAfterMs,
                finishedTasksKept,
                health,
                finishedTasksKeptMs);
    }

    /** Returns these settings with other rules for automatic cordons. */
    public PoolSettings withHealth(HealthSettings newHealth) {
        return new PoolSettings(
                policy,
                manual,
                nodeLossesMax,
                retryBackoffMs,
                suspectAfterMs,
                lostAfterMs,
                finishedTasksKept,
                newHealth,
                finishedTasksKeptMs);
    }

    /** Returns these settings with other limits on the finished tasks that are remembered. */
    public PoolSettings remembering(int tasks, long tasksMs) {
        return new PoolSettings(
                policy, manual, nodeLossesMax, retryBackoffMs, suspectAfterMs, lostAfterMs, tasks, health, tasksMs);
    }

    /** Returns whether a task that finished at this time is too old to be remembered now, ms of cluster time. */
    public boolean isTooOld(long finishedAtMs, long nowMs) {
        return finishedTasksKeptMs > 0 && nowMs - finishedAtMs >= finishedTasksKeptMs;
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
}
