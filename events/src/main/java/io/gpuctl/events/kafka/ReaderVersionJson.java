package io.gpuctl.events.kafka;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.ReaderVersion;
import java.io.IOException;

/**
 * The JSON of reader versions: a number. Reading fails if the version is higher than this program's. The check is here,
 * not in each reader of facts or stored state, so that no reader can forget it.
 */
final class ReaderVersionJson {
    private ReaderVersionJson() {}

    static SimpleModule module() {
        return new SimpleModule("reader-version")
                .addSerializer(ReaderVersion.class, new Writer())
                .addDeserializer(ReaderVersion.class, new Reader());
    }

    private static final class Writer extends JsonSerializer<ReaderVersion> {
        @Override
        public void serialize(ReaderVersion value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeNumber(value.number());
        }

        /** Returns whether a field may be omitted: the first version counts as empty. */
        @Override
        public boolean isEmpty(SerializerProvider provider, ReaderVersion value) {
            return value.equals(ReaderVersion.FIRST);
        }
    }

    private static final class Reader extends JsonDeserializer<ReaderVersion> {
        @Override
        public ReaderVersion deserialize(JsonParser json, DeserializationContext context) throws IOException {
            ReaderVersion needed = new ReaderVersion(context.readValue(json, Integer.class));
            if (needed.compareTo(ReaderVersion.ofThisProgram()) > 0) {
                throw new NewerLogError(needed);
            }
            return needed;
        }
    }
}
