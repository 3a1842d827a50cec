package io.gpuctl.cli.experiment;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands on experiment files. */
@Command(
        name = "experiment",
        description = "Compares policies in virtual time, as fast as the CPU goes.",
        subcommands = ExperimentRunCommand.class)
public final class ExperimentCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
