package io.gpuctl.events.kafka;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The declaration of a topic: how it must be on the broker.
 *
 * @param partitioning the property that decides the partition of a record
 * @param configs the topic's configuration on the broker
 * @param valueType type of the records' values; keys are UTF-8 strings
 */
public record Topic<V>(
        String name, int partitions, Partitioning partitioning, Map<String, String> configs, Class<V> valueType) {
    /** The property that decides the partition of a record. */
    public enum Partitioning {
        BY_POOL,
        BY_KEY
    }

    /** Returns whether the broker keeps only the newest record of each key. */
    public boolean isCompacted() {
        return TopicConfig.CLEANUP_POLICY_COMPACT.equals(configs.get(TopicConfig.CLEANUP_POLICY_CONFIG));
    }

    /** Returns the most bytes of a record that the broker accepts, with key and headers. */
    public int recordBytesMax() {
        return Integer.parseInt(configs.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
    }

    public Serializer<V> serializer() {
        return new JsonSerializer<>(valueType);
    }

    /**
     * Returns a deserializer that throws {@link org.apache.kafka.common.errors.SerializationException} for a value of
     * any other form.
     */
    public Deserializer<V> deserializer() {
        return new JsonDeserializer<>(valueType);
    }

    public Serde<V> serde() {
        return Serdes.serdeFrom(serializer(), deserializer());
    }
}
