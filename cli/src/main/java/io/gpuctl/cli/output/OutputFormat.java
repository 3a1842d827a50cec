package io.gpuctl.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.gpuctl.events.units.PlainText;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.util.Locale;

/** The value of {@code -o}; in lower case, as users type it. */
public enum OutputFormat {
    TABLE,
    JSON,
    YAML;

    private static final YAMLMapper YAML_MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .stringQuotingChecker(new NumberLikeChecker())
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .build())
            .build();

    /**
     * Quotes more texts than Jackson does: texts that a YAML reader may take for numbers or times, since the id "1e3"
     * must stay a text, and texts that are printed with escapes, since YAML allows escapes only in quoted texts.
     */
    private static final class NumberLikeChecker extends StringQuotingChecker.Default {

        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value)
                    || !PlainText.escaped(value).equals(value)
                    || (!value.isEmpty() && "0123456789+-.".indexOf(value.charAt(0)) >= 0);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the document in this format, without a line end. Not for tables, whose columns depend on the kind of
     * document.
     */
    public String write(JsonNode document) {
        try {
            String text = switch (this) {
                case TABLE -> throw new IllegalStateException("a table is not written from a document");
                case JSON ->
                    JsonMapper.builder()
                            .build()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(document);
                case YAML -> YAML_MAPPER.writeValueAsString(document).stripTrailing();
            };
            return Printable.lines(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
