package io.gpuctl.cli.trace;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.workload.NotesReport;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.events.units.Counted;
import io.gpuctl.experiments.trace.Workload;
import io.gpuctl.experiments.trace.WorkloadWriter;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a workload in the project's own format. */
@Command(
        name = "convert",
        description = {
            "Writes a workload in gpuctl's own format: JSON Lines, one task per line, in the order of their times.",
            "Prints what could not be converted. The file appears when it is complete."
        })
final class ConvertCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Mixin
    private TraceInput input = new TraceInput();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "The file to write, replaced if it exists; gzip-compressed if its name ends in .gz.")
    private Path output = Path.of("");

    @Override
    public void run() {
        Workload workload = input.read();
        try {
            WorkloadWriter.write(workload, output);
        } catch (IOException e) {
            throw new CommandFailedException("%s cannot be written: %s".formatted(output, FileFailure.reason(e)), e);
        }
        var out = spec.commandLine().getOut();
        out.println("%s: %s of %s (%s)"
                .formatted(output, Counted.of(workload.arrivals().size(), "task"), input.file(), workload.format()));
        new NotesReport(workload.notes()).toText().lines().forEach(out::println);
        out.flush();
    }
}
