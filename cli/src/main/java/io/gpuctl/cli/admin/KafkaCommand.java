package io.gpuctl.cli.admin;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about the users of a Kafka cluster. */
@Command(
        name = "kafka",
        description = "Creates the users of a Kafka cluster, and says and sets what they may do.",
        subcommands = {AclsCommand.class, UsersCommand.class})
public final class KafkaCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
