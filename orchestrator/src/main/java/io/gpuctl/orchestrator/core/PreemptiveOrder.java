package io.gpuctl.orchestrator.core;

import java.util.Comparator;

/**
 * An order in which tasks that run compete with those that wait: one that runs makes room for one that comes before it.
 *
 * <p>It compares jobs as they are at one moment. Jobs that it holds for equal are told apart by the caller: what runs goes
 * on, and then the earlier submitted comes first.
 */
public interface PreemptiveOrder extends QueueOrder, Comparator<Job> {
    double NEVER = Double.POSITIVE_INFINITY;

    /** Tasks that fit run ahead of those that do not. */
    @Override
    default boolean isStrict() {
        return false;
    }

    /** After how many more seconds of running the job comes behind jobs that wait and are equal to it now. */
    double secondsToFallBack(Job job);
}
