package io.gpuctl.cli.chaos;

import io.gpuctl.cli.chaos.scenario.Scenario;
import io.gpuctl.cli.chaos.scenario.Scenarios;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gpuctl chaos soak}. */
@Command(
        name = "soak",
        description =
                "Runs random scenarios one after the other on one cluster, and kills random services during scenarios.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all checks passed", ChaosCommand.FAILED, ChaosCommand.MISUSED})
final class SoakCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls the command.
    private CommandSpec spec;

    @Mixin
    private CampaignOptions options = new CampaignOptions();

    @Option(names = "--minutes", paramLabel = "M", required = true, description = "How many minutes to run scenarios.")
    private double minutes;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "Runs only these scenarios (default: all that may follow one another).")
    private List<String> only = List.of();

    @Override
    public Integer call() {
        options.check(spec);
        if (!(minutes > 0 && minutes <= 10_000)) {
            throw new ParameterException(
                    spec.commandLine(), "--minutes is %s, but must be above 0 and at most 10000".formatted(minutes));
        }
        Duration duration = Duration.ofSeconds((long) (minutes * 60));
        PrintWriter out = spec.commandLine().getOut();
        List<Scenario> choice = choice();
        return options.run("soak", options.seed(), Optional.empty(), out, campaign -> campaign.soak(duration, choice))
                ? 0
                : 1;
    }

    private List<Scenario> choice() {
        List<Scenario> possible = Scenarios.forSoak(options.brokers());
        List<Scenario> choice = possible.stream()
                .filter(scenario -> only.isEmpty() || only.contains(scenario.name()))
                .toList();
        if (choice.isEmpty() || (!only.isEmpty() && choice.size() != only.size())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--only is %s, but every name must be one of %s"
                            .formatted(
                                    only, possible.stream().map(Scenario::name).toList()));
        }
        return choice;
    }
}
