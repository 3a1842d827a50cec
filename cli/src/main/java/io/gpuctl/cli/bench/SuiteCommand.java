package io.gpuctl.cli.bench;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.VersionProvider;
import io.gpuctl.cli.bench.suite.Measurements;
import io.gpuctl.cli.bench.suite.Settings;
import io.gpuctl.cli.bench.suite.Suite;
import io.gpuctl.cli.bench.suite.SuiteResult;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs all measurements on clusters of its own. */
@Command(
        name = "suite",
        description = {
            "Measures everything in one session, on clusters that it starts itself as gpuctl up, one after the other.",
            "Writes suite.json for gpuctl bench compare, and the page performance.md, after each measurement. With the"
                    + " default options it takes about an hour; the machine should do nothing else."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every measurement succeeded",
            "1:a measurement failed, or the suite could not start",
            "2:the command line is wrong"
        })
final class SuiteCommand implements Callable<Integer> {
    private static final int NODES_MAX = 20_000;
    private static final int ROUNDS_MAX = 20;
    private static final int SECONDS_MAX = 3_600;

    /** The extents without options, and with --quick. */
    private static final Settings USUAL = new Settings(1_200, 3, 40, false);

    private static final Settings QUICK = new Settings(50, 1, 4, true);

    /** The names of the measurements, for the help. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Measurements.names().iterator();
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "Directory for suite.json and performance.md, and for the data of the clusters meanwhile.")
    private Path output = Path.of("");

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "Simulated nodes of each cluster (default: 1200; 50 with --quick).")
    private @Nullable Integer nodes;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often to repeat all measurements (default: 3; 1 with --quick).")
    private @Nullable Integer rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "The length of a measurement at a fixed rate (default: 40; 4 with --quick).")
    private @Nullable Integer seconds;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            completionCandidates = Names.class,
            description = "Run only these measurements: ${COMPLETION-CANDIDATES}.")
    private List<String> only = Measurements.names();

    @Option(
            names = "--quick",
            description = "Small sizes, to see in some minutes that every measurement works. The figures mean little.")
    private boolean quick;

    @Option(names = "--keep", description = "Keep the data and the output of the clusters below DIR.")
    private boolean keep;

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = settings();
        for (String name : only) {
            if (!Measurements.names().contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--only is '%s', but must be some of %s"
                                .formatted(name, String.join(", ", Measurements.names())));
            }
        }
        try {
            var result = SuiteResult.begin(
                    VersionProvider.version(),
                    SourceCommit.current(),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    settings);
            return new Suite(output, result, spec.commandLine().getOut()).run(only, keep) ? 0 : 1;
        } catch (ChaosException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CommandFailedException("%s cannot be written: %s".formatted(output, e.getMessage()), e);
        }
    }

    private Settings settings() {
        Settings usual = quick ? QUICK : USUAL;
        return new Settings(
                checked("--nodes", nodes, usual.nodes(), NODES_MAX),
                checked("--rounds", rounds, usual.rounds(), ROUNDS_MAX),
                checked("--seconds", seconds, usual.seconds(), SECONDS_MAX),
                quick);
    }

    private int checked(String option, @Nullable Integer value, int usual, int max) {
        int used = value == null ? usual : value;
        Ranges.require(spec, option, used, 1, max);
        return used;
    }
}
