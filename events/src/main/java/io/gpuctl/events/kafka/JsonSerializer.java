package io.gpuctl.events.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

final class JsonSerializer<V> implements Serializer<V> {
    private final ObjectWriter writer;

    JsonSerializer(Class<V> type) {
        writer = EventJson.mapper().writerFor(type);
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable V value) {
        if (value == null) {
            return null;
        }
        try {
            return writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new SerializationException(
                    "Cannot write a " + value.getClass().getSimpleName() + " for " + topic, e);
        }
    }
}
