package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The work of a task on its GPUs, for nodes that simulate it.
 *
 * @param durationMs run time at full clock, ms of cluster time; a throttled GPU takes longer
 * @param utilization load on the task's share of each GPU, 0 to 1
 * @param exitCode the program's exit code: 0 is success, any other code is a failed attempt
 * @param profile how the load varies
 * @param checkpointIntervalMs work from one checkpoint to the next, ms at full clock; 0 for a task without checkpoints.
 *     Without checkpoints, a requested stop saves all work, and any other end loses all work of the attempt. With
 *     checkpoints, the next attempt always continues from the newest checkpoint
 * @param checkpointCostMs how long each checkpoint takes, ms of cluster time in which no work is done
 */
public record Work(
        long durationMs,
        double utilization,
        int exitCode,
        // JSON omits a steady load and absent checkpoints: older records do not have these fields.
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = SteadyLoad.class)
        LoadProfile profile,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long checkpointIntervalMs,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long checkpointCostMs) {
    /** Ten years. */
    public static final long MAX_DURATION_MS = 10L * 365 * 24 * 3600 * 1000;

    public static final int EXIT_CODE_MAX = 255;

    /**
     * The shortest interval of a new task: each checkpoint is a report and a fact. Tasks in earlier logs may have a
     * shorter interval, so the constructor accepts it.
     */
    public static final long CHECKPOINT_INTERVAL_MS_MIN = 1_000;

    /** Load of a task that does not specify it: a typical training job keeps a GPU about nine tenths busy. */
    public static final double DEFAULT_UTILIZATION = 0.9;

    @SuppressWarnings("NullAway") // Jackson passes null for an absent field
    public Work {
        Check.inRange("work.duration_ms", durationMs, 0L, MAX_DURATION_MS);
        Check.inRange("work.utilization", utilization, 0.0, 1.0);
        Check.inRange("work.exit_code", exitCode, 0, EXIT_CODE_MAX);
        profile = profile == null ? LoadProfile.STEADY : profile;
        Check.inRange("work.checkpoint_interval_ms", checkpointIntervalMs, 0L, MAX_DURATION_MS);
        // A task without checkpoints has no checkpoint cost.
        Check.inRange("work.checkpoint_cost_ms", checkpointCostMs, 0L, checkpointIntervalMs == 0 ? 0 : MAX_DURATION_MS);
    }

    /**
     * Checks the rules for new work. Work that was accepted earlier is read and runs even if it breaks them.
     *
     * @throws InvalidFieldException if a submission must not have this work
     */
    public Work requireSubmittable() {
        if (checkpointIntervalMs > 0 && checkpointIntervalMs < CHECKPOINT_INTERVAL_MS_MIN) {
            throw new InvalidFieldException(
                    "work.checkpoint_interval_ms",
                    checkpointIntervalMs,
                    "0, or a number from %d to %d".formatted(CHECKPOINT_INTERVAL_MS_MIN, MAX_DURATION_MS));
        }
        return this;
    }

    /** A steady load, without checkpoints. */
    public Work(long durationMs, double utilization, int exitCode) {
        this(durationMs, utilization, exitCode, LoadProfile.STEADY, 0, 0);
    }

    public static Work lasting(long durationMs) {
        return new Work(durationMs, DEFAULT_UTILIZATION, 0);
    }

    public Work withProfile(LoadProfile newProfile) {
        return new Work(durationMs, utilization, exitCode, newProfile, checkpointIntervalMs, checkpointCostMs);
    }

    public Work withCheckpoints(long intervalMs, long costMs) {
        return new Work(durationMs, utilization, exitCode, profile, intervalMs, costMs);
    }

    /** Equals the profile that JSON omits. */
    static final class SteadyLoad {
        @Override
        public boolean equals(@Nullable Object profile) {
            return profile == LoadProfile.STEADY;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
