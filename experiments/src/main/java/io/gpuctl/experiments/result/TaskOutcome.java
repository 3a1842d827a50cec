package io.gpuctl.experiments.result;

import io.gpuctl.events.TaskState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a task fared. Times are seconds of virtual time from the run's start.
 *
 * @param user whose task it is, for fairness; a workload without users has the pool's name, or an empty text
 * @param startSeconds of its first attempt; null if it had none
 * @param endSeconds when it came to its final state; null if it did not
 * @param workSeconds how long it runs undisturbed, with all its GPUs: the denominator of slowdown. Null if unknown or
 *     without end
 * @param attempts how many were started
 * @param nodes of the last attempt
 * @param gpus that it asks for; 0.5 is a share of one
 * @param state at the end of the run
 * @param energyKwh that its GPUs have drawn for it; null if the run has no power model
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

    /** Of a run without a power model. */
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

    /** The same, with what it has drawn. */
    public TaskOutcome withEnergyKwh(double kwh) {
        return new TaskOutcome(
                taskId, user, submitSeconds, startSeconds, endSeconds, workSeconds, attempts, nodes, gpus, state, kwh);
    }

    /** Seconds from submission to the first start; null if it never started. */
    public @Nullable Double queueingSeconds() {
        return startSeconds == null ? null : startSeconds - submitSeconds;
    }

    /** Job completion time: seconds from submission to the end; null unless it completed. */
    public @Nullable Double jctSeconds() {
        return endSeconds == null || state != TaskState.COMPLETED ? null : endSeconds - submitSeconds;
    }
}
