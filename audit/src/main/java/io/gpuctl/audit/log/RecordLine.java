package io.gpuctl.audit.log;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Encodes a record as a line of JSON without the line end, and decodes it.
 *
 * <p>A value that is a JSON object on one line is embedded byte for byte; any other value is in base64. So people and
 * {@code jq} can read the file, and decoding still restores every byte.
 */
final class RecordLine {
    /** Kafka's records have at most 1 MiB by default; base64 adds a third. */
    static final int BYTES_MAX = 64 << 20;

    static final String PARTITION = "partition";
    static final String OFFSET = "offset";
    static final String TIMESTAMP = "timestamp_ms";
    static final String KEY = "key";
    static final String HEADERS = "headers";
    static final String NAME = "name";
    static final String VALUE = "value";
    static final String CHECKSUM = "crc32c";

    /** The suffix of the name of a field that holds base64. */
    static final String BASE64_SUFFIX = "_base64";

    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(BYTES_MAX).build())
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    private RecordLine() {}

    /** Returns the line of a record; for {@code checksum} see {@link RecordChecksum}. */
    static byte[] encode(RawRecord record, String checksum) {
        String json = objectOnOneLine(record.value());
        if (json != null) {
            byte[] line = write(record, json, checksum);
            if (givesBack(record, line)) {
                return line;
            }
        }
        return write(record, null, checksum);
    }

    /**
     * Returns the record of a line, and its checksum, which is not verified.
     *
     * @throws LineFormatException if the line is not a record; the message says what is wrong, and what was expected
     */
    static ParsedLine decode(byte[] line) throws LineFormatException {
        return LineParser.parse(line);
    }

    /** Returns the value as text if it looks like a JSON object on one line, which is not a proof; otherwise null. */
    private static @Nullable String objectOnOneLine(byte @Nullable [] value) {
        if (value == null || value.length < 2 || value[0] != '{' || value[value.length - 1] != '}') {
            return null;
        }
        for (byte b : value) {
            if (b == '\n' || b == '\r') {
                return null;
            }
        }
        return text(value);
    }

    /** Returns the bytes as text; null if they are not UTF-8. */
    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    /**
     * Checks that decoding the line restores the value. No other test is reliable: a value may hold two objects, close
     * the line's own brace, or be nested so deeply that the line exceeds the parser's limit.
     */
    private static boolean givesBack(RawRecord record, byte[] line) {
        try {
            return Arrays.equals(decode(line).record().value(), record.value());
        } catch (LineFormatException _) {
            return false;
        }
    }

    private static byte[] write(RawRecord record, @Nullable String json, String checksum) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        try (JsonGenerator generator = JSON.createGenerator(line, JsonEncoding.UTF8)) {
            generator.writeStartObject();
            generator.writeNumberField(PARTITION, record.partition());
            generator.writeNumberField(OFFSET, record.offset());
            generator.writeNumberField(TIMESTAMP, record.timestampMs());
            writeBytes(generator, KEY, record.key());
            if (!record.headers().isEmpty()) {
                writeHeaders(generator, record);
            }
            if (json != null) {
                generator.writeFieldName(VALUE);
                generator.writeRawValue(json);
            } else if (record.value() != null) {
                generator.writeStringField(VALUE + BASE64_SUFFIX, base64(record.value()));
            }
            generator.writeStringField(CHECKSUM, checksum);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toByteArray();
    }

    private static void writeHeaders(JsonGenerator generator, RawRecord record) throws IOException {
        generator.writeArrayFieldStart(HEADERS);
        for (RawHeader header : record.headers()) {
            generator.writeStartObject();
            generator.writeStringField(NAME, header.name());
            writeBytes(generator, VALUE, header.value());
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    /** Writes the bytes as text if they are UTF-8, otherwise in base64; writes no field for null. */
    private static void writeBytes(JsonGenerator generator, String name, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            return;
        }
        String text = text(bytes);
        if (text != null) {
            generator.writeStringField(name, text);
        } else {
            generator.writeStringField(name + BASE64_SUFFIX, base64(bytes));
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
