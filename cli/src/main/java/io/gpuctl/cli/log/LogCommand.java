package io.gpuctl.cli.log;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about a cluster's log. */
@Command(
        name = "log",
        description = "Writes a cluster's log to files, puts it back, repairs it, and makes metrics of it.",
        subcommands = {ExportCommand.class, ImportCommand.class, RepairCommand.class, MetricsCommand.class})
public final class LogCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
