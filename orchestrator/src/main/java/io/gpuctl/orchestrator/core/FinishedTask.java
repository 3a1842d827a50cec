package io.gpuctl.orchestrator.core;

import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;

/**
 * A finished task. It is remembered so that its id is not accepted again.
 *
 * @param sequence sequence of the fact that finished the task; the oldest tasks are forgotten first
 */
public record FinishedTask(TaskId taskId, TaskState state, long sequence) {
    /** Throws {@link IllegalArgumentException} if the state is not final. */
    public FinishedTask {
        if (!state.isFinal()) {
            throw new IllegalArgumentException("Task %s is finished, but its state is %s".formatted(taskId, state));
        }
    }
}
