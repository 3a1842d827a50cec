package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandGroup;
import picocli.CommandLine.Command;

/** Runs one service of a cluster in this process. */
@Command(
        name = "run",
        description = {
            "Runs one service of a cluster in this process, against a Kafka cluster.",
            "Any number of instances of each service may run: they share the work, and take over the work of an instance that has died."
        },
        subcommands = {
            RunOrchestratorCommand.class,
            RunSimulatorCommand.class,
            RunApiCommand.class,
            RunBrokerCommand.class
        })
public final class RunCommand extends CommandGroup {}
