package io.gpuctl.events;

/**
 * An input on which the orchestrator of a pool decides; the only other input is the passing of time. Each kind of input
 * has its own topic, see {@code Topics.of}.
 */
public sealed interface PoolInput extends PoolRecord permits TaskCommand, TaskReport, NodeEvent, NodeCondition {
    /** Returns the record's key: the task or the node that the input is about, or the pool if it is about neither. */
    String key();
}
