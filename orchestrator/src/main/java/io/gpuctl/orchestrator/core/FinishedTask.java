package io.gpuctl.orchestrator.core;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * A finished task. It is remembered so that its id is not accepted again.
 *
 * @param sequence sequence of the fact that finished the task; the oldest tasks are forgotten first
 * @param atMs when the task finished, ms of cluster time; 0 unless the pool's settings limited the time for which
 *     finished tasks are remembered
 */
public record FinishedTask(
        TaskId taskId,
        TaskState state,
        long sequence,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long atMs) {
    /** Throws {@link IllegalArgumentException} if the state is not final. */
    public FinishedTask {
        if (!state.isFinal()) {
            throw new IllegalArgumentException("Task %s is finished, but its state is %s".formatted(taskId, state));
        }
    }

    /**
     * Returns a task that finishes at this time, ms of cluster time.
     *
     * @param settings of the pool; null if they are unknown because the log is damaged
     */
    public static FinishedTask under(
            @Nullable PoolSettings settings, TaskId taskId, TaskState state, long sequence, long atMs) {
        boolean needsTime = settings != null && settings.finishedTasksKeptMs() > 0;
        return new FinishedTask(taskId, state, sequence, needsTime ? atMs : 0);
    }
}
