package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.output.OutputFormat;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How the answer looks: a mixin. */
final class OutputOption {

    /** The value of {@code -o}; in lower case as people type it. */
    enum Form {
        TABLE,
        WIDE,
        NAME,
        JSON,
        YAML;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it is for programs that read documents. */
        boolean isDocument() {
            return this == JSON || this == YAML;
        }

        /** The document in this form. Not for one that has none. */
        String write(JsonNode document) {
            return OutputFormat.valueOf(name()).write(document);
        }
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description =
                    "Form of the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). wide is a table with"
                            + " more columns, uncut; name is only the ids, a line each.")
    private Form form = Form.TABLE;

    Form form() {
        return form;
    }
}
