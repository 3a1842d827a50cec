package io.gpuctl.cli.trace;

import io.gpuctl.cli.workload.WorkloadInput;
import io.gpuctl.experiments.trace.TraceFormat;
import io.gpuctl.experiments.trace.Workload;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The file that is read: a mixin. */
final class TraceInput {

    @Parameters(
            paramLabel = "FILE",
            description = "A workload, gzip-compressed or not: an openb pod list, a Philly or Muri trace, an SWF log,"
                    + " gpuctl's own format (docs/workload-format.md), or the directory of an exported event log.")
    private Path file = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Its format, if its first line shall not tell: ${COMPLETION-CANDIDATES}.")
    private @Nullable TraceFormat format;

    Path file() {
        return file;
    }

    Workload read() {
        return WorkloadInput.read(file, format);
    }
}
