package io.gpuctl.cli.chaos;

import io.gpuctl.cli.chaos.cluster.Program;
import io.gpuctl.cli.chaos.scenario.Scenario;
import io.gpuctl.cli.chaos.scenario.Scenarios;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gpuctl chaos run}. */
@Command(
        name = "run",
        description = "Runs scenarios, each on a cluster of its own.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all checks passed", ChaosCommand.FAILED, ChaosCommand.MISUSED})
final class RunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls the command.
    private CommandSpec spec;

    @Mixin
    private CampaignOptions options = new CampaignOptions();

    @Option(
            names = "--old-build",
            paramLabel = "DIR",
            description = "For upgrade scenarios: the build that the cluster starts with, as a built source tree or"
                    + " the directory of an installation.")
    private @Nullable Path oldBuild;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Scenarios, see gpuctl chaos --list; or all.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        options.check(spec);
        PrintWriter out = spec.commandLine().getOut();
        List<String> failed = new ArrayList<>();
        List<Scenario> chosen = chosen();
        Optional<Program> old = oldProgram(chosen);
        for (Scenario scenario : chosen) {
            if (!options.run(scenario.name(), options.seed(), old, out, campaign -> campaign.run(scenario))) {
                failed.add(scenario.name());
            }
        }
        out.println(
                failed.isEmpty()
                        ? "all %d scenarios passed".formatted(chosen.size())
                        : "%d of %d scenarios FAILED: %s"
                                .formatted(failed.size(), chosen.size(), String.join(", ", failed)));
        out.flush();
        return failed.isEmpty() ? 0 : 1;
    }

    private List<Scenario> chosen() {
        List<Scenario> chosen = new ArrayList<>();
        for (String name : names) {
            if (name.equals("all")) {
                Scenarios.all().stream().filter(this::isPossible).forEach(chosen::add);
            } else {
                chosen.add(Scenarios.named(name)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "There is no scenario '%s'. gpuctl chaos --list lists them".formatted(name))));
            }
        }
        return chosen;
    }

    private boolean isPossible(Scenario scenario) {
        return switch (scenario.use()) {
            case THREE_BROKERS -> options.brokers() == 3;
            case UPGRADE -> oldBuild != null;
            case ANYWHERE, UNDISTURBED, ALONE, ALONE_FORGED, UP -> true;
        };
    }

    private Optional<Program> oldProgram(List<Scenario> chosen) {
        if (oldBuild == null) {
            chosen.stream()
                    .filter(scenario -> scenario.use() == Scenario.Use.UPGRADE)
                    .findFirst()
                    .ifPresent(scenario -> {
                        throw new ParameterException(
                                spec.commandLine(),
                                "Scenario %s needs --old-build DIR, the build to start with"
                                        .formatted(scenario.name()));
                    });
            return Optional.empty();
        }
        Optional<Program> old = Program.in(oldBuild);
        if (old.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--old-build is %s, but must be a built source tree, or the directory of an installation"
                            .formatted(oldBuild));
        }
        return old;
    }
}
