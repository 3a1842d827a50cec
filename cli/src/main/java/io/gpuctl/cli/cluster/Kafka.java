package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.TopicSetup;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** The Kafka cluster that the services meet in. */
public final class Kafka {

    /** How long an outside cluster has to answer: whoever mistyped an address shall not wait long. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(8);

    private static final Pattern ADDRESSES = Pattern.compile("[^\\s,:]+:\\d{1,5}(,[^\\s,:]+:\\d{1,5})*");

    private Kafka() {}

    public static boolean isAddress(String bootstrapServers) {
        return ADDRESSES.matcher(bootstrapServers).matches();
    }

    /** Makes every topic exist; throws if that cluster does not answer, or its topics are others than ours. */
    public static void prepare(KafkaConnection kafka) throws InterruptedException {
        Map<String, Object> config = kafka.with(Map.of(
                AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_TIMEOUT.toMillis() / 2),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_TIMEOUT.toMillis())));
        try (var admin = Admin.create(config)) {
            TopicSetup.ensureTopics(admin);
        } catch (TopicSetup.TopicMismatchException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (ExecutionException | KafkaException e) {
            throw new CommandFailedException(
                    "Kafka at %s cannot be used: %s. Is a broker running there? Say where one is with --kafka HOST:PORT, and what it asks of a client with --kafka-config FILE."
                            .formatted(kafka, describe(e)),
                    e);
        }
    }

    private static String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof TimeoutException
                ? "it does not answer within %d s".formatted(ANSWER_TIMEOUT.toSeconds())
                : String.valueOf(root.getMessage());
    }
}
