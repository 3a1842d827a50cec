package io.gpuctl.cli.admin;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.cluster.Kafka;
import io.gpuctl.cli.kafka.KafkaConfigOption;
import io.gpuctl.cli.kafka.KafkaFailures;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.TopicSetup.TopicMismatchException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The connection of an administrator to a Kafka cluster. */
final class AdminConnection {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it before it sets an option.
    private CommandSpec spec;

    @Mixin
    private KafkaConfigOption config = new KafkaConfigOption();

    private @Nullable String address;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description =
                    "The Kafka cluster; several addresses as HOST:PORT,HOST:PORT. Can also be set in --kafka-config.")
    void setAddress(String given) {
        if (!Kafka.isAddress(given)) {
            throw new ParameterException(spec.commandLine(), "--kafka is '%s', but must be HOST:PORT".formatted(given));
        }
        address = given;
    }

    /** A request to the cluster. */
    @FunctionalInterface
    interface Request<T> {
        T of(Admin admin) throws ExecutionException, InterruptedException;
    }

    /** Sends a request to the cluster; a failure becomes a message for the user. */
    <T> T ask(Request<T> request) throws InterruptedException {
        KafkaConnection kafka = config.connection(address);
        try (var admin = Admin.create(settings(kafka))) {
            return request.of(admin);
        } catch (TopicMismatchException | ExecutionException | KafkaException e) {
            if (e.getCause() instanceof SecurityDisabledException) {
                throw new CommandFailedException(
                        "Kafka at %s has no authorizer, so every user may do everything. Set authorizer.class.name on the brokers and controllers."
                                .formatted(kafka),
                        e);
            }
            throw KafkaFailures.of(kafka, e);
        }
    }

    private static Map<String, Object> settings(KafkaConnection kafka) {
        return kafka.with(Map.of(
                AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_TIMEOUT.toMillis() / 2),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_TIMEOUT.toMillis())));
    }
}
