package io.gpuctl.events.kafka;

import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

final class JsonDeserializer<V> implements Deserializer<V> {
    private final ObjectReader reader;
    private final String typeName;

    JsonDeserializer(Class<V> type) {
        reader = EventJson.mapper().readerFor(type);
        typeName = type.getSimpleName();
    }

    @Override
    public V deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new SerializationException("Not a " + typeName + ": the value is null");
        }
        V value;
        try {
            value = reader.readValue(bytes);
        } catch (IOException e) {
            throw new SerializationException("Not a " + typeName + ": " + e.getMessage(), e);
        }
        if (value == null) {
            throw new SerializationException("Not a " + typeName + ": the value is JSON null");
        }
        return value;
    }
}
