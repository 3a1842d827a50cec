package io.gpuctl.experiments.engine;

import io.gpuctl.events.Cause;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.PoolInput;

/**
 * Takes the records of a run that are not facts, in their order: what a live cluster would have in its other topics.
 */
@FunctionalInterface
public interface TopicSink {
    /**
     * Takes an input of the scheduler, before the facts that follow from it: a command, a report, or an event or the
     * condition of a node.
     *
     * @param place the topic, partition and offset that the input would have in a live cluster
     */
    void accept(Cause place, PoolInput input);

    /** Takes a command of the scheduler to a node, after the facts that it follows from. Ignores it by default. */
    default void accept(NodeCommand command) {}
}
