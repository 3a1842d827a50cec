package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import java.util.Comparator;

/** A waiting task's place in the queue: the higher priority first, then the earlier submission. */
record QueueEntry(Priority priority, long submitSequence, TaskId taskId) implements Comparable<QueueEntry> {
    private static final Comparator<QueueEntry> ORDER =
            Comparator.comparing(QueueEntry::priority).reversed().thenComparingLong(QueueEntry::submitSequence);

    static QueueEntry of(TaskRecord task) {
        return new QueueEntry(task.spec().priority(), task.submitSequence(), task.id());
    }

    @Override
    public int compareTo(QueueEntry other) {
        return ORDER.compare(this, other);
    }
}
