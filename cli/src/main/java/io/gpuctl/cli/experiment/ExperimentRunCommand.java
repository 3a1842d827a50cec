package io.gpuctl.cli.experiment;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.cluster.DirectoryLock;
import io.gpuctl.cli.cluster.StopSignal;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.experiments.expect.Comparison;
import io.gpuctl.experiments.expect.PublishedFile;
import io.gpuctl.experiments.expect.PublishedValue;
import io.gpuctl.experiments.run.ExperimentRunner;
import io.gpuctl.experiments.run.Plan;
import io.gpuctl.experiments.run.RunFailedException;
import io.gpuctl.experiments.run.RunPasts;
import io.gpuctl.experiments.spec.ExperimentFile;
import io.gpuctl.experiments.spec.ExperimentFileException;
import io.gpuctl.experiments.spec.Overrides;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs an experiment file. */
@Command(
        name = "run",
        description = {
            "Runs each policy of an experiment file on each of its workloads, at each load, with each seed.",
            "Finished runs are kept: after Ctrl-C or a crash, the same command continues with the missing runs.",
            "docs/experiments.md describes the file."
        })
public final class ExperimentRunCommand implements Callable<Integer> {

    private static final int THREADS_MAX = 1_024;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The experiment, in YAML.")
    private Path file = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description =
                    "Directory for the results: metrics.csv, summary.csv, energy.csv, tasks.parquet, report.html.")
    private Path directory = Path.of("");

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Use this value instead of the file's; may be repeated. For example --set seeds=42..51"
                    + " --set workload.tasks=pods.csv --set policies=fifo,fgd. Paths are relative to here.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Number of parallel runs (default: the number of processors). The results do not depend on"
                    + " it.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--expect",
            paramLabel = "CSV",
            description = "Compare with published values, and fail if the results differ: columns metric, policy,"
                    + " workload or trace, mean or value, arrived_pct (only rows with 100 are used).")
    private @Nullable Path expected;

    @Option(
            names = "--tolerance",
            paramLabel = "POINTS",
            defaultValue = "0.6",
            description = "Allowed difference of the allocation at an arrived load (default: ${DEFAULT-VALUE}).")
    private double tolerance = 0.6;

    @Mixin
    private PastOptions past = new PastOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (threads < 1 || threads > THREADS_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--threads is %d, but must be from 1 to %d".formatted(threads, THREADS_MAX));
        }
        RunPasts.Options pasts = past.options(spec);
        try {
            return run(pasts);
        } catch (ExperimentFileException | RunFailedException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private int run(RunPasts.@Nullable Options pasts) throws IOException, InterruptedException {
        List<PublishedValue> published = expected == null ? List.of() : PublishedFile.read(expected);
        var plan = Plan.of(ExperimentFile.read(file, Overrides.of(settings), System.getenv()));
        PastOptions.requireFacts(plan.experiment(), pasts);
        try (var _ = DirectoryLock.take(directory, "--output")) {
            var stop = StopSignal.install();
            var progress = new ExperimentProgress(spec.commandLine().getErr());
            var runner = new ExperimentRunner(plan, directory, threads, progress, stop::isReceived, pasts);
            progress.begin(plan.runs().size(), runner.missing().size());
            ExperimentRunner.Results results = runner.run();
            progress.end();
            int exitCode = report(plan, results, published);
            PastOptions.lines(runner.pasts(), plan.experiment()).stream()
                    .map(Printable::line)
                    .forEach(spec.commandLine().getErr()::println);
            spec.commandLine().getErr().flush();
            return exitCode;
        }
    }

    private int report(Plan plan, ExperimentRunner.Results results, List<PublishedValue> published) {
        PrintWriter out = spec.commandLine().getOut();
        var summary = results.summary();
        if (!summary.isComplete()) {
            throw new CommandFailedException(
                    "Stopped: %d of %d runs are finished in %s; run the same command again to continue."
                            .formatted(summary.before() + summary.now(), summary.planned(), directory));
        }
        new PolicyTables(plan.experiment().metrics())
                .lines(results.groups()).stream().map(Printable::line).forEach(out::println);
        boolean isMet = true;
        if (expected != null) {
            List<Comparison> comparisons = Comparison.of(published, results.groups(), tolerance);
            ComparisonTable.lines(comparisons).stream().map(Printable::line).forEach(out::println);
            isMet = !comparisons.isEmpty()
                    && comparisons.stream().noneMatch(one -> one.verdict() == Comparison.Verdict.MISSED);
        }
        out.println(ExperimentProgress.summary(summary));
        out.println(
                "Results in %s: report.html, summary.csv, metrics.csv, energy.csv, tasks.parquet".formatted(directory));
        out.flush();
        return isMet ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
