package io.gpuctl.telemetry.views;

import io.gpuctl.events.TaskId;
import java.util.Comparator;

/**
 * The position of a task in a listing: by the time of its submission, then by its id. A change of the task's state does
 * not change it.
 *
 * @param submittedAtMs ms of cluster time
 */
public record TaskCursor(long submittedAtMs, TaskId taskId) implements Comparable<TaskCursor> {
    private static final Comparator<TaskCursor> ORDER =
            Comparator.comparingLong(TaskCursor::submittedAtMs).thenComparing(TaskCursor::taskId);

    @Override
    public int compareTo(TaskCursor other) {
        return ORDER.compare(this, other);
    }
}
