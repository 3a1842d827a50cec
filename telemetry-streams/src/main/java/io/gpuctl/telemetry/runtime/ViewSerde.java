package io.gpuctl.telemetry.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.internals.StreamThread;
import org.jspecify.annotations.Nullable;

/**
 * Serializes views in stores and changelogs as JSON, like the events. Null stands for an absent view, as in stores.
 *
 * <p>Queries that read the same bytes get the same object, as long as it is in the {@link Memo}.
 */
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
        /** Larger views are not remembered, so that all of them together stay within 2 MiB. */
        private static final int REMEMBERED_BYTES_MAX = 8_192;

        /** Ids and times are at the beginning of a view, so these bytes tell most views apart. */
        private static final int HASHED_BYTES_MAX = 64;

        private final ObjectReader reader;
        private final Memo<ByteBuffer, V> remembered = new Memo<>();

        Reader(Class<V> type) {
            reader = EventJson.mapper().readerFor(type);
        }

        @Override
        @SuppressWarnings("NullAway") // Deserializer is not annotated: it may return null.
        public V deserialize(String topic, byte @Nullable [] bytes) {
            if (bytes == null) {
                return null;
            }
            // A query often reads what an earlier one has read. The stream thread changes what it reads.
            return bytes.length > REMEMBERED_BYTES_MAX || Thread.currentThread() instanceof StreamThread
                    ? decode(topic, bytes)
                    : remembered.get(hash(bytes), ByteBuffer.wrap(bytes), _ -> decode(topic, bytes));
        }

        private static int hash(byte[] bytes) {
            int hash = bytes.length;
            for (int i = 0; i < bytes.length && i < HASHED_BYTES_MAX; i++) {
                hash = 31 * hash + bytes[i];
            }
            return hash;
        }

        private V decode(String topic, byte[] bytes) {
            try {
                return reader.readValue(bytes);
            } catch (IOException e) {
                throw new SerializationException("Cannot read a view of " + topic + ": " + e.getMessage(), e);
            }
        }
    }
}
