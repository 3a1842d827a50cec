package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;

/** A waiting task's place in the queue: the higher priority first, then the earlier submission. */
record QueueEntry(Priority priority, long submitSequence, TaskId taskId) implements Comparable<QueueEntry> {
    static QueueEntry of(TaskRecord task) {
        return new QueueEntry(task.spec().priority(), task.submitSequence(), task.id());
    }

    @Override
    public int compareTo(QueueEntry other) {
        int byPriority = other.priority.compareTo(priority);
        return byPriority != 0 ? byPriority : Long.compare(submitSequence, other.submitSequence);
    }
}
