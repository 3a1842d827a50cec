package io.gpuctl.events.kafka;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads live records from outside, and refuses a record whose time is ahead of the clock. Such a record would set its
 * pool's time ahead, since facts do not go back in time, and all timers would wait. Readers of a finished log use the
 * topic's own deserializer.
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
