package io.gpuctl.audit.log;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.gpuctl.events.input.UntrustedJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses one line. Strict: rejects anything that the writer would not have written. */
final class LineParser {
    private final byte[] line;
    private final JsonParser json;
    private final Set<String> seen = new HashSet<>();

    private long partition;
    private long offset;
    private long timestampMs;
    private byte @Nullable [] key;
    private List<RawHeader> headers = List.of();
    private byte @Nullable [] value;
    private @Nullable String checksum;

    private LineParser(byte[] line, JsonParser json) {
        this.line = line;
        this.json = json;
    }

    static ParsedLine parse(byte[] line) throws LineFormatException {
        if (line.length == 0 || line[0] != '{') {
            throw new LineFormatException("expected a JSON object, {\"partition\": ..., but found "
                    + (line.length == 0 ? "nothing" : start(line)));
        }
        try (JsonParser json = RecordLine.JSON.createParser(line)) {
            LineParser parser = new LineParser(line, json);
            RawRecord record = parser.record();
            return new ParsedLine(record, parser.checksum);
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw new LineFormatException("not JSON, column %d: %s".formatted(column, UntrustedJson.problem(e)), e);
        } catch (IOException e) {
            throw new LineFormatException("not JSON: " + e.getMessage(), e);
        }
    }

    private static String start(byte[] line) {
        String text = new String(line, 0, Math.min(line.length, 40), StandardCharsets.UTF_8);
        return "'" + text.replaceAll("\\p{Cntrl}", "?") + "'";
    }

    private RawRecord record() throws IOException, LineFormatException {
        json.nextToken();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            readField(requireNew(json.currentName()));
        }
        if (json.nextToken() != null) {
            throw new LineFormatException("expected one JSON object, but more follows it");
        }
        for (String field : List.of(RecordLine.PARTITION, RecordLine.OFFSET, RecordLine.TIMESTAMP)) {
            if (!seen.contains(field)) {
                throw new LineFormatException("expected a field \"%s\", but there is none".formatted(field));
            }
        }
        return new RawRecord(Math.toIntExact(partition), offset, timestampMs, key, headers, value);
    }

    /** Requires that a field occurs once. A field and its base64 form count as the same field. */
    private String requireNew(String field) throws LineFormatException {
        String plain = field.endsWith(RecordLine.BASE64_SUFFIX)
                ? field.substring(0, field.length() - RecordLine.BASE64_SUFFIX.length())
                : field;
        if (!seen.add(plain)) {
            throw new LineFormatException("expected one field \"%s\", but there are two".formatted(plain));
        }
        return field;
    }

    private void readField(String field) throws IOException, LineFormatException {
        json.nextToken();
        switch (field) {
            case RecordLine.PARTITION -> partition = number(field, Integer.MAX_VALUE);
            case RecordLine.OFFSET -> offset = number(field, Long.MAX_VALUE);
            case RecordLine.TIMESTAMP -> timestampMs = number(field, Long.MAX_VALUE);
            case RecordLine.KEY -> key = utf8(field);
            case RecordLine.KEY + RecordLine.BASE64_SUFFIX -> key = base64(field);
            case RecordLine.HEADERS -> headers = headers();
            case RecordLine.VALUE -> value = object();
            case RecordLine.VALUE + RecordLine.BASE64_SUFFIX -> value = base64(field);
            case RecordLine.CHECKSUM -> checksum = string(field);
            default ->
                throw new LineFormatException(
                        "\"%s\" is unknown: expected partition, offset, timestamp_ms, key, key_base64, headers, value, value_base64 or crc32c"
                                .formatted(field));
        }
    }

    private long number(String field, long max) throws IOException, LineFormatException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw unexpected(field, "a whole number");
        }
        long number = json.getLongValue();
        if (number < 0 || number > max) {
            throw new LineFormatException("\"%s\" is %d: expected a number from 0 to %d".formatted(field, number, max));
        }
        return number;
    }

    private byte[] utf8(String field) throws IOException, LineFormatException {
        return string(field).getBytes(StandardCharsets.UTF_8);
    }

    private String string(String field) throws IOException, LineFormatException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw unexpected(field, "a string");
        }
        return json.getText();
    }

    private byte[] base64(String field) throws IOException, LineFormatException {
        try {
            return Base64.getDecoder().decode(string(field));
        } catch (IllegalArgumentException e) {
            throw new LineFormatException("\"%s\": expected base64: %s".formatted(field, e.getMessage()), e);
        }
    }

    private List<RawHeader> headers() throws IOException, LineFormatException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw unexpected(RecordLine.HEADERS, "an array");
        }
        List<RawHeader> read = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            read.add(header());
        }
        return read;
    }

    private RawHeader header() throws IOException, LineFormatException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw unexpected(RecordLine.HEADERS, "objects in it");
        }
        String name = null;
        byte @Nullable [] bytes = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case RecordLine.NAME -> name = string(field);
                case RecordLine.VALUE -> bytes = utf8(field);
                case RecordLine.VALUE + RecordLine.BASE64_SUFFIX -> bytes = base64(field);
                default ->
                    throw new LineFormatException(
                            "\"%s\" in a header is unknown: expected name, value or value_base64".formatted(field));
            }
        }
        if (name == null) {
            throw new LineFormatException("expected a field \"name\" in each header, but one has none");
        }
        return new RawHeader(name, bytes);
    }

    /** Returns the bytes of the object that starts here, as they are in the line. */
    private byte[] object() throws IOException, LineFormatException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw unexpected(RecordLine.VALUE, "an object");
        }
        int begin = Math.toIntExact(json.currentTokenLocation().getByteOffset());
        json.skipChildren();
        int end = Math.toIntExact(json.currentLocation().getByteOffset());
        return Arrays.copyOfRange(line, begin, end);
    }

    private LineFormatException unexpected(String field, String expected) throws IOException {
        return new LineFormatException("\"%s\": expected %s, but found %s".formatted(field, expected, json.getText()));
    }
}
