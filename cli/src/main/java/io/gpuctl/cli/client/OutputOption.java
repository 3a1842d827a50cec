package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.output.OutputFormat;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The format of the output: a mixin. */
final class OutputOption {

    /** The value of {@code -o}; in lower case, as users type it. */
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

        /** Returns whether the output is a document for programs. */
        boolean isDocument() {
            return this == JSON || this == YAML;
        }

        /** Returns the document in this format. Only for formats that have documents. */
        String write(JsonNode document) {
            return OutputFormat.valueOf(name()).write(document);
        }
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description =
                    "Format of the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). wide is a table with"
                            + " more columns and full texts; name is only the ids, one per line.")
    private Form form = Form.TABLE;

    Form form() {
        return form;
    }
}
