package io.gpuctl.orchestrator.core;

import java.util.Comparator;

/**
 * An order in which running tasks compete with waiting tasks: a running task makes room for a waiting task that comes
 * before it.
 *
 * <p>It compares jobs at one moment. The caller breaks ties: a running task keeps running, and then the task that was
 * submitted first comes first.
 */
public interface PreemptiveOrder extends QueueOrder, Comparator<Job> {
    double NEVER = Double.POSITIVE_INFINITY;

    /** Returns false: tasks that fit run ahead of tasks that do not. */
    @Override
    default boolean isStrict() {
        return false;
    }

    /** Returns after how many more seconds of running the job falls behind waiting jobs that are equal to it now. */
    double secondsToFallBack(Job job);
}
