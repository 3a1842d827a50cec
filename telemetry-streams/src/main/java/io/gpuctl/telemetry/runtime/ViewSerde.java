package io.gpuctl.telemetry.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Serializes views in stores and changelogs as JSON, like the events. Null stands for an absent view, as in stores. */
public final class ViewSerde {
    private ViewSerde() {}

    public static <V> Serde<V> of(Class<V> type) {
        return Serdes.serdeFrom(new Writer<V>(type), new Reader<>(type));
    }

    private static final class Writer<V> implements Serializer<V> {
        private final ObjectWriter writer;

        Writer(Class<V> type) {
            writer = EventJson.mapper().writerFor(type);
        }

        @Override
        public byte @Nullable [] serialize(String topic, @Nullable V value) {
            try {
                return value == null ? null : writer.writeValueAsBytes(value);
            } catch (JsonProcessingException e) {
                throw new SerializationException("Cannot write " + value + " for " + topic, e);
            }
        }
    }

    private static final class Reader<V> implements Deserializer<V> {
        private final ObjectReader reader;

        Reader(Class<V> type) {
            reader = EventJson.mapper().readerFor(type);
        }

        @Override
        @SuppressWarnings("NullAway") // Deserializer is not annotated: it may return null.
        public V deserialize(String topic, byte @Nullable [] bytes) {
            try {
                return bytes == null ? null : reader.readValue(bytes);
            } catch (IOException e) {
                throw new SerializationException("Cannot read a view of " + topic + ": " + e.getMessage(), e);
            }
        }
    }
}
