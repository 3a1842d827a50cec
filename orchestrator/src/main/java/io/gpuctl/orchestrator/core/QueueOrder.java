package io.gpuctl.orchestrator.core;

/** The order in which waiting tasks are considered. */
public interface QueueOrder {
    /** The name that configuration and logs use. */
    String name();

    /**
     * Returns whether a task that does not fit blocks all tasks behind it in the queue. If not, tasks that fit run
     * ahead of it.
     */
    boolean isStrict();

    /** Returns whether the order needs the durations of tasks, which a real cluster seldom knows. */
    boolean needsDurations();
}
