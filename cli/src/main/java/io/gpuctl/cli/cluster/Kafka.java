package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.KafkaFailures;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.KafkaProblem;
import io.gpuctl.events.kafka.ReplicationChoice;
import io.gpuctl.events.kafka.TopicSetup;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** The Kafka cluster that the services share. */
public final class Kafka {

    /** The time that an outside cluster has to answer; short, so that a mistyped address is reported soon. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(8);

    private static final Duration RETRY_PERIOD = Duration.ofSeconds(1);

    private static final Pattern ADDRESSES = Pattern.compile("[^\\s,:]+:\\d{1,5}(,[^\\s,:]+:\\d{1,5})*");

    private Kafka() {}

    public static boolean isAddress(String bootstrapServers) {
        return ADDRESSES.matcher(bootstrapServers).matches();
    }

    /** Creates missing topics; throws if the cluster does not answer, or if its topics do not fit gpuctl. */
    public static void prepare(KafkaConnection kafka) throws InterruptedException {
        prepare(kafka, ReplicationChoice.BY_BROKERS);
    }

    private static void prepare(KafkaConnection kafka, ReplicationChoice replication) throws InterruptedException {
        Map<String, Object> config = kafka.with(Map.of(
                AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_TIMEOUT.toMillis() / 2),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_TIMEOUT.toMillis())));
        try (var admin = Admin.create(config)) {
            TopicSetup.ensureTopics(admin, replication);
        } catch (TopicSetup.TopicMismatchException | ExecutionException | KafkaException e) {
            throw KafkaFailures.of(kafka, e);
        }
    }

    /**
     * Creates missing topics, and waits for Kafka if too few of its brokers are up. Throws at once if waiting cannot
     * help, for example after a wrong password.
     *
     * @param replication the number of copies of topics that are created
     * @return false if the process was told to stop meanwhile
     */
    static boolean prepare(
            KafkaConnection kafka,
            ReplicationChoice replication,
            Duration patience,
            StopSignal stop,
            Consumer<String> waiting)
            throws InterruptedException {
        long giveUpAtNanos = System.nanoTime() + patience.toNanos();
        while (!stop.isReceived()) {
            try {
                prepare(kafka, replication);
                return true;
            } catch (CommandFailedException e) {
                KafkaProblem problem = KafkaProblem.of(e, kafka).orElse(null);
                if (problem == null
                        || problem.kind() != KafkaProblem.Kind.UNREACHABLE
                        || System.nanoTime() - giveUpAtNanos >= 0) {
                    throw e;
                }
                waiting.accept("Kafka at %s: %s".formatted(kafka, problem.text()));
            }
            stop.await(RETRY_PERIOD);
        }
        return false;
    }
}
