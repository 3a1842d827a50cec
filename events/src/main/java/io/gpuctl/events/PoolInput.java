package io.gpuctl.events;

/**
 * What the orchestrator of a pool decides on, besides the passing of time. Each kind of input has a topic of its own,
 * {@code Topics.of} says which.
 */
public sealed interface PoolInput extends PoolRecord permits TaskCommand, TaskReport, NodeEvent, NodeCondition {
    /** The record's key: the task or the node that the input is about, or the pool if it is about neither. */
    String key();
}
