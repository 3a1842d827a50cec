package io.gpuctl.cli.experiment;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.client.QuantityConverter;
import io.gpuctl.cli.log.PastText;
import io.gpuctl.cli.log.TimestampConverter;
import io.gpuctl.events.units.Counted;
import io.gpuctl.events.units.Durations;
import io.gpuctl.experiments.openmetrics.PastRecorder;
import io.gpuctl.experiments.openmetrics.PastSettings;
import io.gpuctl.experiments.run.RunPasts;
import io.gpuctl.experiments.spec.Experiment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options for writing an experiment's runs as metrics. */
final class PastOptions {
    /** A fixed time, so that the same experiment always writes the same files. */
    private static final String DEFAULT_START = "2026-01-01T00:00:00Z";

    private static final long STEP_MS_MIN = 1_000;

    @Option(
            names = "--openmetrics",
            description =
                    "Also write each run as metrics, to DIR/openmetrics: the series of a running cluster, with the"
                            + " labels policy and seed. promtool converts them to blocks for Prometheus; see"
                            + " docs/past-runs.md.")
    private boolean isWanted;

    @Option(
            names = "--openmetrics-start",
            paramLabel = "TIME",
            converter = TimestampConverter.class,
            defaultValue = DEFAULT_START,
            description = "The date at which every run begins in those metrics (default: ${DEFAULT-VALUE}).")
    private long startMs;

    @Option(
            names = "--openmetrics-step",
            paramLabel = "DURATION",
            converter = QuantityConverter.OfDuration.class,
            description =
                    "Virtual time between two samples (default: the shortest of 15s, 30s, 1m and so on that gives at most"
                            + " about 1,000 samples of each series).")
    private @Nullable Duration step;

    @Option(
            names = "--openmetrics-detail",
            paramLabel = "LEVEL",
            description =
                    "Which series to write: ${COMPLETION-CANDIDATES}, each with those before it (default: gpus, but"
                            + " nodes if there are more than 256 GPUs).")
    private PastSettings.@Nullable Detail detail;

    /** Returns null if no metrics are wanted. */
    RunPasts.@Nullable Options options(CommandSpec spec) {
        if (!isWanted && (step != null || detail != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s requires --openmetrics"
                            .formatted(step != null ? "--openmetrics-step" : "--openmetrics-detail"));
        }
        if (step != null && step.toMillis() < STEP_MS_MIN) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--openmetrics-step is %d ms, but must be at least 1s".formatted(step.toMillis()));
        }
        return isWanted
                ? new RunPasts.Options(startMs, step == null ? null : Long.valueOf(step.toMillis()), detail)
                : null;
    }

    static void requireFacts(Experiment experiment, RunPasts.@Nullable Options wanted) {
        if (wanted != null && experiment.kind() == Experiment.Kind.ROUNDS) {
            throw new CommandFailedException(
                    "--openmetrics: a run of kind rounds has no nodes and no queue over time, so no metrics");
        }
    }

    /** Returns a summary of the written files. */
    static List<String> lines(@Nullable RunPasts pasts, Experiment experiment) {
        if (pasts == null || pasts.written().isEmpty()) {
            return List.of();
        }
        List<PastRecorder.Summary> written = pasts.written();
        long stepMs =
                written.stream().mapToLong(PastRecorder.Summary::stepMs).max().orElseThrow();
        List<String> lines = new ArrayList<>();
        lines.add("Metrics of %s in %s: %,d series, %,d samples, at least one every %s, from %s to %s"
                .formatted(
                        Counted.of(written.size(), "run"),
                        pasts.folder(),
                        written.stream().mapToLong(PastRecorder.Summary::series).sum(),
                        written.stream()
                                .mapToLong(PastRecorder.Summary::samples)
                                .sum(),
                        Durations.human(stepMs),
                        date(written.stream()
                                .mapToLong(PastRecorder.Summary::beginMs)
                                .min()
                                .orElseThrow()),
                        date(written.stream()
                                .mapToLong(PastRecorder.Summary::endMs)
                                .max()
                                .orElseThrow())));
        if (experiment.telemetry() == null) {
            lines.add(
                    "no telemetry in the experiment file: nodes were not measured, so no GPU has a temperature or power");
        }
        written.stream()
                .map(PastRecorder.Summary::leftOut)
                .filter(left -> !left.isEmpty())
                .distinct()
                .forEach(left -> lines.add("left out: " + left));
        lines.addAll(PastText.hints(stepMs));
        return lines;
    }

    private static String date(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }
}
