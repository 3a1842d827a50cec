package io.gpuctl.events.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import io.gpuctl.events.Fact;
import io.gpuctl.events.input.StrictUtf8;
import io.gpuctl.events.input.UntrustedJson;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

final class JsonDeserializer<V> implements Deserializer<V> {
    private final ObjectReader reader;
    private final String typeName;

    /** Whether texts are checked. False for facts: an old log stays readable, whatever texts were once accepted. */
    private final boolean checksTexts;

    JsonDeserializer(Class<V> type) {
        reader = EventJson.mapper().readerFor(type);
        typeName = type.getSimpleName();
        checksTexts = type != Fact.class;
    }

    @Override
    public V deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new SerializationException("Not a " + typeName + ": the value is null");
        }
        V value;
        try {
            value = read(bytes);
        } catch (JsonProcessingException e) {
            throw new SerializationException("Not a " + typeName + ": " + UntrustedJson.describe(e), e);
        } catch (IOException | RuntimeException e) {
            // A forged record may cause any exception in the parser: the record counts as unreadable.
            throw new SerializationException("Not a " + typeName + ": " + e, e);
        }
        if (value == null) {
            throw new SerializationException("Not a " + typeName + ": the value is JSON null");
        }
        return value;
    }

    private V read(byte[] bytes) throws IOException {
        if (!checksTexts || StrictUtf8.isPlainJson(bytes)) {
            return reader.readValue(bytes);
        }
        try (var parser = UntrustedJson.parser(reader.getFactory(), bytes)) {
            return reader.readValue(parser);
        }
    }
}
