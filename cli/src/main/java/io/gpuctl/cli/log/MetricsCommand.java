package io.gpuctl.cli.log;

import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.client.QuantityConverter;
import io.gpuctl.cli.kafka.ClusterBroker;
import io.gpuctl.cli.kafka.KafkaConfigOption;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.experiments.openmetrics.PastRecorder;
import io.gpuctl.experiments.openmetrics.PastSettings;
import io.gpuctl.experiments.openmetrics.TooManySamplesException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Converts a log into the metrics that the cluster served, or would have served. */
@Command(
        name = "metrics",
        description = {
            "Writes the past of a cluster as metrics, in the OpenMetrics format: the series that a running cluster serves, with"
                    + " their times, so that Prometheus and Grafana show the past on the same dashboards.",
            "promtool tsdb create-blocks-from openmetrics FILE DIR converts the file to blocks; see docs/past-runs.md."
        })
final class MetricsCommand implements Callable<Integer> {
    private static final long STEP_MS_MIN = 1_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @ArgGroup
    private @Nullable Source source;

    @Mixin
    private KafkaConfigOption kafkaConfig = new KafkaConfigOption();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "File for the metrics. The file appears when all metrics are written.")
    private Path output = Path.of("");

    @Option(
            names = "--step",
            paramLabel = "DURATION",
            converter = QuantityConverter.OfDuration.class,
            description =
                    "Time between two samples, cluster time (default: the shortest of 15s, 30s, 1m and so on that gives"
                            + " at most about 1,000 samples of each series).")
    private @Nullable Duration step;

    @Option(
            names = "--detail",
            paramLabel = "LEVEL",
            description =
                    "Which series to write: ${COMPLETION-CANDIDATES}, each with those before it (default: gpus, but"
                            + " nodes if there are more than 256 GPUs).")
    private PastSettings.@Nullable Detail detail;

    /** The location of the log. */
    private static final class Source {
        @Parameters(
                paramLabel = "LOG",
                arity = "0..1",
                description =
                        "The directory that gpuctl log export wrote, or the data directory of gpuctl up (default: ~/.gpuctl).")
        private @Nullable Path log;

        @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "The Kafka of a running cluster.")
        private @Nullable String kafka;
    }

    @Override
    public Integer call() {
        if (step != null && step.toMillis() < STEP_MS_MIN) {
            throw new ParameterException(
                    spec.commandLine(), "--step is %d ms, but must be at least 1s".formatted(step.toMillis()));
        }
        PastRecorder.Summary summary;
        try {
            summary = write();
        } catch (EventLogException | TooManySamplesException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (UncheckedIOException e) {
            throw failure(Objects.requireNonNull(e.getCause(), "it wraps one"));
        } catch (IOException e) {
            throw failure(e);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Printable.line("wrote " + output));
        PrintWriter err = spec.commandLine().getErr();
        PastText.lines(summary).forEach(line -> err.println(Printable.line(line)));
        out.flush();
        err.flush();
        return 0;
    }

    private CommandFailedException failure(IOException e) {
        return new CommandFailedException("%s cannot be written: %s".formatted(output, FileFailure.reason(e)), e);
    }

    private PastRecorder.Summary write() throws IOException {
        Path log = source == null ? null : source.log;
        String kafka = source == null ? null : source.kafka;
        PrintWriter err = spec.commandLine().getErr();
        try (var recorder = new PastRecorder(settings(), output);
                var progress = new Progress("folding", Terminal.isInteractive() ? err : null)) {
            if (log != null && !Files.isDirectory(log.resolve("kafka"))) {
                PastReading.ofExport(log, recorder, progress);
            } else {
                try (ClusterBroker broker = ClusterBroker.of(kafka, kafkaConfig, log)) {
                    PastReading.ofCluster(broker.kafka(), recorder, progress);
                }
            }
            if (recorder.isEmpty()) {
                throw new CommandFailedException("The log contains no facts, so there are no metrics to write");
            }
            return recorder.finish();
        }
    }

    private PastSettings settings() {
        return PastSettings.ofLog(step == null ? null : Long.valueOf(step.toMillis()), detail);
    }
}
