package io.gpuctl.cli.chaos;

import io.gpuctl.cli.chaos.scenario.Scenario;
import io.gpuctl.cli.chaos.scenario.Scenarios;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Breaks a cluster of separate processes on purpose, and checks that the cluster kept its guarantees. */
@Command(
        name = "chaos",
        description = {
            "Breaks a cluster of separate processes on purpose, under load, and checks that nothing was lost or done"
                    + " twice.",
            "Each campaign starts its own brokers and services in a new directory, which is kept if the campaign fails."
        },
        mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, SoakCommand.class, LoadCommand.class, CheckCommand.class})
public final class ChaosCommand implements Callable<Integer> {
    static final String FAILED = "1:a check failed, or a scenario could not be run";
    static final String MISUSED = "2:the command was not understood";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls the command.
    private CommandSpec spec;

    @Option(names = "--list", description = "Lists the scenarios.")
    private boolean list;

    @Override
    public Integer call() {
        if (!list) {
            throw new ParameterException(spec.commandLine(), "Missing subcommand: run, soak, load or check; or --list");
        }
        var table = new Table(Column.left("SCENARIO"), Column.left("WHERE"), Column.left("WHAT HAPPENS"));
        for (Scenario scenario : Scenarios.all()) {
            table.row(scenario.name(), where(scenario.use()), scenario.summary());
        }
        PrintWriter out = spec.commandLine().getOut();
        table.lines().forEach(out::println);
        out.flush();
        return 0;
    }

    private static String where(Scenario.Use use) {
        return switch (use) {
            case ANYWHERE, UNDISTURBED -> "run, soak";
            case THREE_BROKERS -> "run, soak; 3 brokers";
            case ALONE, ALONE_FORGED -> "run";
            case UPGRADE -> "run; --old-build";
            case UP -> "run; up";
        };
    }
}
