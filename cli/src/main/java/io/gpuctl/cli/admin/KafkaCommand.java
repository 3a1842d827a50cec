package io.gpuctl.cli.admin;

import io.gpuctl.cli.CommandGroup;
import picocli.CommandLine.Command;

/** The group of commands about the users of a Kafka cluster. */
@Command(
        name = "kafka",
        description = "Creates the users of a Kafka cluster, and prints, checks and sets their rights.",
        subcommands = {AclsCommand.class, UsersCommand.class})
public final class KafkaCommand extends CommandGroup {}
