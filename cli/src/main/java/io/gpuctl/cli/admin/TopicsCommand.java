package io.gpuctl.cli.admin;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about the topics of a Kafka cluster. */
@Command(
        name = "topics",
        description = "Creates the topics on a Kafka cluster, and checks whether that cluster fits.",
        subcommands = {TopicsCheckCommand.class, TopicsCreateCommand.class})
public final class TopicsCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
