package io.gpuctl.orchestrator.core;

import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;

/**
 * A finished task. It is remembered so that its id is not accepted again.
 *
 * @param sequence sequence of the fact that finished the task; the oldest tasks are forgotten first
 */
public record FinishedTask(TaskId taskId, TaskState state, long sequence) {}
