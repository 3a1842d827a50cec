package io.gpuctl.events.kafka;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what comes in from outside, while it happens: a record whose time lies ahead of the clock cannot be read. One such
 * record would take the time of its pool with it, since facts do not go back in time, and all timers would wait. Readers of
 * a log that is over use the topic's own deserializer.
 */
public final class TimelyDeserializer<V extends PoolRecord> implements Deserializer<V> {
    private final Deserializer<V> deserializer;
    private final ClusterClock clock;

    public TimelyDeserializer(Topic<V> topic, ClusterClock clock) {
        deserializer = topic.deserializer();
        this.clock = clock;
    }

    @Override
    public V deserialize(String topic, byte @Nullable [] bytes) {
        V value = deserializer.deserialize(topic, bytes);
        try {
            clock.requireNotAhead(value.atMs());
        } catch (InvalidFieldException e) {
            throw new SerializationException(e.getMessage(), e);
        }
        return value;
    }
}
