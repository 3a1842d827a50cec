package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.input.BoundedText;
import io.gpuctl.events.input.UntrustedJson;
import io.gpuctl.events.kafka.EventJson;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A JSON document of jobs, on any number of lines. It is read job by job, so it may be of any length. */
final class JsonDocument implements Closeable {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final TraceText text;
    private final Metered parser;

    private JsonDocument(TraceText text, JsonParser parser) {
        this.text = text;
        this.parser = new Metered(parser);
    }

    /**
     * Limits the length of a single value to that of a line in the other formats; a job takes a few hundred characters.
     */
    private static final class Metered extends JsonParserDelegate {
        private long length;

        Metered(JsonParser parser) {
            super(parser);
        }

        @Override
        public @Nullable JsonToken nextToken() throws IOException {
            JsonToken token = super.nextToken();
            if (token != null) {
                length += 1 + getTextLength();
                if (length > BoundedText.LINE_LENGTH_MAX) {
                    throw new StreamConstraintsException("a value is too long", currentTokenLocation());
                }
            }
            return token;
        }
    }

    static JsonDocument of(TraceText text) throws IOException {
        text.endLineLimit();
        return new JsonDocument(
                text, UntrustedJson.checked(EventJson.mapper().getFactory().createParser(text.reader())));
    }

    /** Advances to the next token; returns null after the last. */
    @Nullable
    JsonToken next() throws IOException, WorkloadFormatException {
        try {
            parser.length = 0;
            return parser.nextToken();
        } catch (JsonProcessingException e) {
            throw problem(e);
        }
    }

    /** Returns the name of the current field, to which {@link #next} advanced. */
    String fieldName() throws IOException {
        return parser.currentName();
    }

    /** Reads the value that begins at the current token, and advances to the value's last token. */
    JsonNode value() throws IOException, WorkloadFormatException {
        try {
            parser.length = 0;
            return MAPPER.readTree(parser);
        } catch (JsonProcessingException e) {
            throw problem(e);
        }
    }

    /** Skips the value that begins at the current token. */
    void skipValue() throws IOException, WorkloadFormatException {
        try {
            parser.skipChildren();
        } catch (JsonProcessingException e) {
            throw problem(e);
        }
    }

    /** Returns the line of the current token. */
    int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private WorkloadFormatException problem(JsonProcessingException e) throws IOException {
        if (e.getCause() instanceof IOException unreadable) {
            throw unreadable;
        }
        int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
        return new WorkloadFormatException(text.file(), line, "is not JSON, " + UntrustedJson.problemWithColumn(e));
    }

    /** Returns a field that is a number or a text; throws {@link InvalidFieldException} if it is neither. */
    static String scalar(JsonNode object, String field, String allowed) {
        JsonNode value = object.path(field);
        if (!value.isNumber() && !value.isTextual()) {
            throw new InvalidFieldException(field, value.isMissingNode() ? "missing" : value, allowed);
        }
        return value instanceof DecimalNode decimal ? plain(decimal.decimalValue()) : value.asText();
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
