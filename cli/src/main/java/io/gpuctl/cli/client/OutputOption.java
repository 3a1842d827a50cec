package io.gpuctl.cli.client;

import io.gpuctl.cli.output.OutputFormat;
import picocli.CommandLine.Option;

/** How the answer looks: a mixin. */
final class OutputOption {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "Form of the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TABLE;

    OutputFormat format() {
        return format;
    }
}
