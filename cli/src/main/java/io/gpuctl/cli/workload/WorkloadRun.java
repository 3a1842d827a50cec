package io.gpuctl.cli.workload;

import io.gpuctl.cli.output.OutputFormat;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.experiments.trace.Arrival;
import io.gpuctl.experiments.trace.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Runs a workload on a running cluster: submits it, shows its progress, and summarizes it. After a restart on the same
 * data directory, the run continues at the position in the log. For one thread.
 */
public final class WorkloadRun implements AutoCloseable {

    /**
     * The time between two stores of the position. After a crash, the workload's time since then is lost, and submitted
     * again.
     */
    private static final long SAVE_PERIOD_NANOS = 1_000_000_000;

    private final WorkloadPosition position;

    /** Time since the start of the workload. */
    private final LongSupplier workloadMs;

    private final Workload workload;
    private final LogFollower log;
    private final Feeder feeder;
    private final ProgressLine progress;
    private final double speed;
    private final long startNanos = System.nanoTime();
    private long savedNanos = startNanos;

    /**
     * The configuration of a run.
     *
     * @param dataDirectory the directory that stores the position of the workload
     * @param file the file that {@code workload} was read from
     * @param keepOffset whether times count from the file's time 0 and not from the first task
     */
    public record Config(
            URI server,
            KafkaConnection kafka,
            Path dataDirectory,
            Path file,
            Workload workload,
            boolean keepOffset,
            ClusterClock clock) {

        private long offsetMs() {
            return keepOffset ? 0 : workload.offsetMs();
        }
    }

    private WorkloadRun(
            Config config,
            WorkloadPosition position,
            long originMs,
            LogFollower log,
            Feeder feeder,
            PrintWriter progressTo) {
        this.position = position;
        this.workload = config.workload();
        this.workloadMs = () -> config.clock().nowMs() - originMs;
        this.log = log;
        this.feeder = feeder;
        this.progress = new ProgressLine(progressTo, Terminal.isInteractive(), workloadMs);
        this.speed = config.clock().speed();
    }

    /**
     * Starts to submit.
     *
     * @param progressTo where progress is shown
     * @throws IOException if the data directory cannot be used
     */
    public static WorkloadRun start(Config config, PrintWriter progressTo) throws IOException, InterruptedException {
        var position = WorkloadPosition.open(config.dataDirectory(), config.file(), config.offsetMs());
        List<Arrival> arrivals = config.workload().earlier(position.offsetMs()).arrivals();
        var log = LogFollower.start(config.kafka(), ids(config.workload().arrivals()));
        try {
            log.awaitCaughtUp();
        } catch (InterruptedException | RuntimeException e) {
            log.close();
            throw e;
        }
        long originMs = config.clock().nowMs() - position.startMs();
        var feeder = Feeder.start(config.server(), arrivals, config.clock(), originMs, log::knows);
        return new WorkloadRun(config, position, originMs, log, feeder, progressTo);
    }

    private static Set<TaskId> ids(List<Arrival> arrivals) {
        Set<TaskId> ids = new HashSet<>();
        arrivals.forEach(arrival -> ids.add(arrival.task().taskId()));
        return ids;
    }

    /** Returns whether the run is over: every task is in a final state, or was refused. */
    public boolean isOver() {
        log.throwIfFailed();
        return log.status().inFinalState() + feeder.refusals().count()
                == workload.arrivals().size();
    }

    /**
     * Shows the progress and stores the position, each when it is due. Must be called several times a second.
     *
     * @throws IOException if the data directory cannot be written
     */
    public void tick() throws IOException {
        if (System.nanoTime() - savedNanos >= SAVE_PERIOD_NANOS) {
            savedNanos = System.nanoTime();
            position.save(workloadMs.getAsLong());
        }
        progress.show(log.status(), feeder.refusals());
    }

    /** Prints the summary of the run. */
    public void printSummary(PrintWriter out, OutputFormat format) {
        progress.end(log.status(), feeder.refusals());
        var report =
                new RunReport(log.summary(RunReport.CHART_COLUMNS), feeder.refusals(), throughput(), workload.notes());
        out.println(
                switch (format) {
                    case TABLE -> Printable.lines(report.toText());
                    case JSON, YAML -> format.write(report.toJson());
                });
        out.flush();
    }

    private RunReport.Throughput throughput() {
        return new RunReport.Throughput(
                speed, Duration.ofNanos(System.nanoTime() - startNanos), feeder.accepted(), feeder.feedingTime());
    }

    /** Returns 0, or 1 if the API refused a task for another reason than that it can never fit. */
    public int exitCode() {
        return feeder.refusals().unexpected().isEmpty() ? 0 : 1;
    }

    @Override
    public void close() {
        feeder.close();
        log.close();
    }
}
