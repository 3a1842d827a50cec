package io.gpuctl.cli.log;

import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.audit.log.LogManifest;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.ClusterBroker;
import io.gpuctl.cli.kafka.ClusterOption;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.events.units.Counted;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Exports the committed records of a cluster's topics to files. */
@Command(
        name = "export",
        description = {
            "Writes the log of a cluster to a directory: one compressed file for each partition of each topic, and a"
                    + " manifest. The files contain all committed records, whatever is in them.",
            "A cluster of gpuctl up is read with --data, running or stopped; one on another Kafka cluster with --kafka."
        })
final class ExportCommand implements Callable<Integer> {

    private static final String ALL = "all";

    /**
     * Without telemetry, which is most of the bytes and is summarized by the conditions in the log, and without dead
     * letters, which repeat records of other topics.
     */
    private static final List<Topic<?>> DEFAULT_TOPICS = List.of(
            Topics.TASK_COMMANDS,
            Topics.PLACEMENTS,
            Topics.TASK_REPORTS,
            Topics.NODE_EVENTS,
            Topics.CLUSTER_EVENTS,
            Topics.NODE_CONDITIONS);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Mixin
    private ClusterOption cluster = new ClusterOption();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description =
                    "Directory for the files; must be absent or empty. The directory appears when all files are written.")
    private Path output = Path.of("log");

    @Option(
            names = "--topics",
            paramLabel = "TOPIC",
            split = ",",
            description =
                    "Only these topics, separated by commas, or all (default: all but gpu-telemetry, which is large, and"
                            + " dead-letters).")
    private List<String> topics = List.of();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = TimestampConverter.class,
            description =
                    "Leave out records that are older than this: 2026-01-31T12:00:00Z, or milliseconds since 1970."
                            + " The time is the record's wall-clock time, not cluster time, which may run faster.")
    private @Nullable Long fromMs;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = TimestampConverter.class,
            description = "Leave out records of this time or later.")
    private @Nullable Long toMs;

    @Override
    public Integer call() {
        if (fromMs != null && toMs != null && fromMs >= toMs) {
            throw usage("--from must be before --to");
        }
        LogExport.Selection selection = new LogExport.Selection(selectedTopics(), fromMs, toMs);
        long startNanos = System.nanoTime();
        LogManifest manifest = export(selection);
        PrintWriter out = spec.commandLine().getOut();
        out.println("exported %s of %s to %s in %.1f s"
                .formatted(
                        Counted.of(manifest.recordCount(), "record"),
                        Counted.of(manifest.topics().size(), "topic"),
                        output,
                        Duration.ofNanos(System.nanoTime() - startNanos).toMillis() / 1_000.0));
        out.flush();
        return 0;
    }

    private LogManifest export(LogExport.Selection selection) {
        PrintWriter err = spec.commandLine().getErr();
        // Created before the broker is started, so that a directory in use is reported at once.
        try (LogExport export = LogExport.into(output);
                ClusterBroker broker = cluster.connect();
                Progress progress = new Progress("reading", Terminal.isInteractive() ? err : null)) {
            return export.run(broker.kafka(), selection, tool(), progress);
        } catch (EventLogException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<String> selectedTopics() {
        // Records of the broker clock serve only to ask a broker for its time; they are useless later.
        List<String> all = withState(Topics.ALL.stream()
                .filter(topic -> !topic.equals(Topics.BROKER_CLOCK))
                .toList());
        if (topics.isEmpty()) {
            return withState(DEFAULT_TOPICS);
        }
        if (topics.equals(List.of(ALL))) {
            return all;
        }
        for (String name : topics) {
            if (!all.contains(name)) {
                throw usage("--topics: '%s' is not a topic; the topics are %s".formatted(name, String.join(", ", all)));
            }
        }
        return all.stream().filter(topics::contains).toList();
    }

    /**
     * Adds the orchestrator's stored state, except for an export of a time span, since the state cannot be divided by
     * time.
     */
    private List<String> withState(List<Topic<?>> of) {
        List<String> names = new ArrayList<>(of.stream().map(Topic::name).toList());
        if (fromMs == null && toMs == null) {
            names.add(OrchestratorApp.STATE_CHANGELOG);
        }
        return names;
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private String tool() {
        String[] version = spec.root().version();
        return version.length == 0 ? "gpuctl" : version[0];
    }
}
