package io.gpuctl.cli.admin;

import io.gpuctl.cli.CommandGroup;
import picocli.CommandLine.Command;

/** The group of commands about the topics of a Kafka cluster. */
@Command(
        name = "topics",
        description = "Creates the topics on a Kafka cluster, and checks whether that cluster fits.",
        subcommands = {TopicsCheckCommand.class, TopicsCreateCommand.class})
public final class TopicsCommand extends CommandGroup {}
