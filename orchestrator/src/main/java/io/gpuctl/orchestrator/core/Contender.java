package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskState;

/**
 * A waiting or running task in a {@link PreemptivePass}.
 *
 * @param attempt the newest attempt of the task
 * @param isUndisturbed whether the task holds GPUs and was not told to release them
 */
record Contender(TaskRecord task, Priority priority, Job job, int attempt, boolean isUndisturbed) {
    static Contender of(TaskRecord task, long nowMs) {
        return new Contender(task, task.spec().priority(), task.job(nowMs), task.attempt(), isUndisturbed(task));
    }

    static boolean isUndisturbed(TaskRecord task) {
        return task.state() == TaskState.PLACED || task.state() == TaskState.RUNNING;
    }
}
