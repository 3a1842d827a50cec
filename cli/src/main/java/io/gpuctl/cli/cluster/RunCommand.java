package io.gpuctl.cli.cluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs one service of a cluster in this process. */
@Command(
        name = "run",
        description = {
            "Runs one service of a cluster in this process, against a Kafka cluster.",
            "Any number of each may run: they share the work, and take it over from one that has died."
        },
        subcommands = {
            RunOrchestratorCommand.class,
            RunSimulatorCommand.class,
            RunApiCommand.class,
            RunBrokerCommand.class
        })
public final class RunCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Which service? One of " + String.join(", ", spec.subcommands().keySet()));
    }
}
