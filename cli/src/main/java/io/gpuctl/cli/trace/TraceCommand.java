package io.gpuctl.cli.trace;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands on workload files. */
@Command(
        name = "trace",
        description = "Reads workload files: says what is in them, and converts them.",
        subcommands = {ConvertCommand.class, InfoCommand.class})
public final class TraceCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
