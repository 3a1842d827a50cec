package io.gpuctl.events;

import org.jspecify.annotations.Nullable;

/**
 * One try at running a task.
 *
 * @param number 1 for the first try
 */
public record AttemptId(TaskId taskId, int number) implements Comparable<AttemptId> {
    public AttemptId {
        Check.present("task_id", taskId);
        Check.inRange("number", number, 1, Integer.MAX_VALUE);
    }

    @Override
    public int compareTo(AttemptId other) {
        int byTask = taskId.compareTo(other.taskId);
        return byTask != 0 ? byTask : Integer.compare(number, other.number);
    }

    // See TaskId for why these are written out.
    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof AttemptId that && number == that.number && taskId.equals(that.taskId));
    }

    @Override
    public int hashCode() {
        return 31 * taskId.hashCode() + number;
    }

    @Override
    public String toString() {
        return taskId + "#" + number;
    }
}
