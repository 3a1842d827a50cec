package io.gpuctl.experiments.engine;

import io.gpuctl.events.Cause;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topic;

/**
 * Counts the records of one pool in a topic that is not written, so that each record gets the place that it would have
 * in a live cluster.
 */
final class InputTopic {
    private final String name;
    private final int partition;
    private long nextOffset;

    InputTopic(Topic<?> topic, PoolId pool) {
        name = topic.name();
        partition = PoolPartitioner.partition(pool);
    }

    /** Returns the place of the next record, as a cause. */
    Cause next() {
        return new Cause(name, partition, nextOffset++);
    }
}
