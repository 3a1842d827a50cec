package io.gpuctl.cli.log;

import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.ClusterBroker;
import io.gpuctl.cli.kafka.KafkaConfigOption;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.units.Counted;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
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

/** Imports an exported log into a cluster. */
@Command(
        name = "import",
        description = {
            "Writes an exported log to topics that have never had a record: each record into its partition, with its"
                    + " key, headers and time. Refuses files that have changed since the export.",
            "Writes as fast as possible, or with --speed at the pace of the records' times, to see views and charts of the past again.",
            "A whole log restores a cluster: gpuctl up --data, or the services of a Kafka cluster, continue from"
                    + " there. Start them after the import has ended."
        })
final class ImportCommand implements Callable<Integer> {

    private static final double SPEED_MIN = 0.001;
    private static final double SPEED_MAX = 1_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The directory that gpuctl log export wrote.")
    private Path directory = Path.of("log");

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it, or refuses the command line.
    private Target target;

    @Mixin
    private KafkaConfigOption kafkaConfig = new KafkaConfigOption();

    @Option(
            names = "--speed",
            paramLabel = "X",
            description = "Write at X times the pace at which the log was written; as fast as possible by default.")
    private @Nullable Double speed;

    /** The destination of the log. */
    private static final class Target {
        @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "The broker of a running cluster.")
        private @Nullable String kafka;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "A data directory for gpuctl run broker, new or of a stopped broker.")
        private @Nullable Path directory;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (speed != null && !(speed >= SPEED_MIN && speed <= SPEED_MAX)) {
            throw new ParameterException(
                    spec.commandLine(), "--speed is %s, but must be from %s to 1000000".formatted(speed, SPEED_MIN));
        }
        long startNanos = System.nanoTime();
        ImportResult result = write();
        print(result, Duration.ofNanos(System.nanoTime() - startNanos));
        return 0;
    }

    private ImportResult write() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            EventLogReader log = EventLogReader.open(directory);
            try (ClusterBroker broker = broker();
                    Progress progress = new Progress("writing", Terminal.isInteractive() ? err : null)) {
                ImportResult result = new LogImport(log, broker.kafka(), pace(), progress).run();
                goOnBehindFacts(broker);
                return result;
            }
        } catch (EventLogException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Prepares the cluster to go on: its orchestrator reads the facts, and continues with the inputs after their
     * causes.
     */
    private static void goOnBehindFacts(ClusterBroker broker) {
        try (var positions = new InputPositions(broker.kafka())) {
            positions.moveToFacts();
        }
    }

    private ClusterBroker broker() {
        return target.directory != null
                ? ClusterBroker.ofStoppedOrNew(target.directory)
                : ClusterBroker.of(target.kafka, kafkaConfig, null);
    }

    private Pace pace() {
        return speed == null ? Pace.atOnce() : Pace.times(speed);
    }

    private void print(ImportResult result, Duration took) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("imported %s of %s in %.1f s"
                .formatted(
                        Counted.of(result.records(), "record"),
                        Counted.of(result.topics(), "topic"),
                        took.toMillis() / 1_000.0));
        if (result.leftOutState()) {
            out.println("left out the orchestrator's stored state, which is for gpuctl replay");
        }
        if (result.moved() > 0) {
            out.println(
                    "%,d of them have a new offset, because the log has gaps: facts name their causes by the old offsets"
                            .formatted(result.moved()));
        }
        if (result.restamped() > 0) {
            out.println(
                    "%,d of them have a new time: the topics are configured to set the time of each record that they receive"
                            .formatted(result.restamped()));
        }
        if (!result.unlimited().isEmpty()) {
            out.println("kept for ever, because they contain records that are older than the topic's retention: "
                    + String.join(", ", result.unlimited()));
        }
        out.flush();
    }
}
