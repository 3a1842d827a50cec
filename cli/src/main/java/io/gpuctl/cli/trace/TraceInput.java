package io.gpuctl.cli.trace;

import io.gpuctl.cli.workload.WorkloadInput;
import io.gpuctl.experiments.trace.TraceFormat;
import io.gpuctl.experiments.trace.Workload;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The input file: a mixin. */
final class TraceInput {

    @Parameters(
            paramLabel = "FILE",
            description = "A workload, gzip-compressed or not: an openb pod list, a Philly, Helios, Tiresias or Muri"
                    + " trace, an SWF log, Batsim's JSON, gpuctl's own format (docs/workload-format.md), or the"
                    + " directory of an exported event log.")
    private Path file = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Its format: ${COMPLETION-CANDIDATES} (default: detected from the beginning of the file).")
    private @Nullable TraceFormat format;

    @Mixin
    private WorkloadInput input = new WorkloadInput();

    Path file() {
        return file;
    }

    Workload read() {
        return input.read(file, format);
    }
}
