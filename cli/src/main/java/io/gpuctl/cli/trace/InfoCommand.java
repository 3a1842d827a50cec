package io.gpuctl.cli.trace;

import io.gpuctl.cli.output.OutputFormat;
import io.gpuctl.experiments.trace.Workload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Describes the contents of a workload file. */
@Command(
        name = "info",
        description = "Shows the contents of a workload: its tasks, their times and GPUs, and what a run does not use.")
final class InfoCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Mixin
    private TraceInput input = new TraceInput();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "Format of the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TABLE;

    @Override
    public void run() {
        Workload workload = input.read();
        var report = new TraceReport(workload, TraceSummary.of(workload.arrivals()));
        var out = spec.commandLine().getOut();
        switch (output) {
            case TABLE -> report.toText().lines().forEach(out::println);
            case JSON, YAML -> out.println(output.write(report.toJson()));
        }
        out.flush();
    }
}
