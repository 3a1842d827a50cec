package io.gpuctl.cli.bench;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.bench.load.SubmissionLoad;
import io.gpuctl.cli.kafka.ClusterBroker;
import io.gpuctl.cli.kafka.KafkaConfigOption;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Submits tasks at a fixed rate, and measures the time until each submission is answered, and until the task is placed.
 * Each time counts from the moment when the submission was due, not when it was sent, so that stalls of the sender or
 * the server are included.
 */
@Command(
        name = "latency",
        description = {
            "Submits small tasks at a fixed rate, and measures how long after its due time each submission is answered, and its task is placed.",
            "A task counts as placed when a reader of cluster-events sees the placement.",
            "The tasks ask for a tenth of a GPU and run for half a second; their ids begin with bench-.",
            "The first seconds (--warmup) do not count, because the first requests of this command are slow."
        })
final class LatencyCommand implements Callable<Integer> {

    private static final int RATE_MAX = 10_000;
    private static final int SECONDS_MAX = 3_600;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:GPUCTL_SERVER:-http://localhost:8080}",
            description = "Address of the API (default: ${DEFAULT-VALUE}).")
    private URI server = URI.create("http://localhost:8080");

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "The cluster's Kafka (default: the Kafka of gpuctl up in ~/.gpuctl).")
    private @Nullable String kafka;

    @Mixin
    private KafkaConfigOption kafkaConfig = new KafkaConfigOption();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Submissions per second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "How many seconds to measure (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "10",
            description = "Seconds of submissions before the measurement (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Override
    public Integer call() throws InterruptedException {
        Ranges.require(spec, "--rate", rate, 1, RATE_MAX);
        Ranges.require(spec, "--seconds", seconds, 1, SECONDS_MAX);
        Ranges.require(spec, "--warmup", warmup, 0, SECONDS_MAX);
        var result = measure();
        var out = spec.commandLine().getOut();
        out.printf("%-10s %8s %8s %8s %8s %8s%n", "ms", "count", "p50", "p90", "p99", "max");
        print("answered", result.answered());
        print("placed", result.placed());
        out.printf(
                "submitted %d, refused %d, not placed %d%n", result.submitted(), result.refusals(), result.missing());
        result.refused().forEach((outcome, count) -> out.printf("  %6d  %s%n", count, outcome));
        out.printf(
                "CPU of this command: %.1f s, %.2f ms for each task%n",
                result.cpu().toMillis() / 1_000.0, result.cpuMillisATask());
        out.flush();
        return result.refused().isEmpty() && result.missing() == 0 ? 0 : 1;
    }

    private SubmissionLoad.Result measure() throws InterruptedException {
        try (var broker = ClusterBroker.of(kafka, kafkaConfig, null);
                var load = new SubmissionLoad(server, broker.kafka())) {
            return load.run(new SubmissionLoad.Plan(rate, 1, Duration.ofSeconds(warmup), Duration.ofSeconds(seconds)));
        } catch (ExecutionException e) {
            throw new CommandFailedException("The measurement failed: " + e.getCause(), e);
        }
    }

    private void print(String name, Histogram histogram) {
        spec.commandLine()
                .getOut()
                .printf(
                        "%-10s %8d %8.1f %8.1f %8.1f %8.1f%n",
                        name,
                        histogram.getTotalCount(),
                        millis(histogram.getValueAtPercentile(50)),
                        millis(histogram.getValueAtPercentile(90)),
                        millis(histogram.getValueAtPercentile(99)),
                        millis(histogram.getMaxValue()));
    }

    private static double millis(long micros) {
        return micros / 1_000.0;
    }
}
