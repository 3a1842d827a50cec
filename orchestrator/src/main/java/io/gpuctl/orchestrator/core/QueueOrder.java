package io.gpuctl.orchestrator.core;

/** In which order tasks that wait are considered. */
public interface QueueOrder {
    /** The name that configuration and logs use. */
    String name();

    /**
     * Whether a task that does not fit holds back all that are behind it in the queue. If not, those that fit run ahead
     * of it.
     */
    boolean isStrict();

    /** Whether it must know how long tasks will run, which a real cluster seldom does. */
    boolean needsDurations();
}
