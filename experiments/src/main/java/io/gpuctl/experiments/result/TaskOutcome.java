package io.gpuctl.experiments.result;

import io.gpuctl.events.TaskState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a task. Times are seconds of virtual time from the run's start.
 *
 * @param user the task's user, for fairness; in a workload without users, the pool's name or an empty text
 * @param startSeconds start of the first attempt; null if there was none
 * @param endSeconds when the task reached its final state; null if it did not
 * @param workSeconds how long the task runs undisturbed with all its GPUs, which is the denominator of slowdown; null
 *     if unknown or endless
 * @param attempts number of started attempts
 * @param nodes nodes of the last attempt
 * @param gpus number of GPUs that the task asks for; 0.5 is a share of one
 * @param state at the end of the run
 * @param energyKwh energy that GPUs have drawn for the task; null if the run has no power model
 */
public record TaskOutcome(
        String taskId,
        String user,
        double submitSeconds,
        @Nullable Double startSeconds,
        @Nullable Double endSeconds,
        @Nullable Double workSeconds,
        int attempts,
        List<String> nodes,
        double gpus,
        TaskState state,
        @Nullable Double energyKwh) {

    public TaskOutcome {
        nodes = List.copyOf(nodes);
    }

    /** An outcome in a run without a power model. */
    public TaskOutcome(
            String taskId,
            String user,
            double submitSeconds,
            @Nullable Double startSeconds,
            @Nullable Double endSeconds,
            @Nullable Double workSeconds,
            int attempts,
            List<String> nodes,
            double gpus,
            TaskState state) {
        this(taskId, user, submitSeconds, startSeconds, endSeconds, workSeconds, attempts, nodes, gpus, state, null);
    }

    /** Returns the same outcome with the energy that the task has drawn. */
    public TaskOutcome withEnergyKwh(double kwh) {
        return new TaskOutcome(
                taskId, user, submitSeconds, startSeconds, endSeconds, workSeconds, attempts, nodes, gpus, state, kwh);
    }

    /** Returns seconds from submission to the first start; null if the task never started. */
    public @Nullable Double queueingSeconds() {
        return startSeconds == null ? null : startSeconds - submitSeconds;
    }

    /** Returns the job completion time: seconds from submission to the end; null unless the task completed. */
    public @Nullable Double jctSeconds() {
        return endSeconds == null || state != TaskState.COMPLETED ? null : endSeconds - submitSeconds;
    }
}
