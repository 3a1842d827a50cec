package io.gpuctl.orchestrator.core;

import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;

/**
 * What is remembered of a task that is over, so that its id is not accepted again.
 *
 * @param sequence of the fact that finished it: the oldest are forgotten first
 */
public record FinishedTask(TaskId taskId, TaskState state, long sequence) {}
