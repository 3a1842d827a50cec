package io.gpuctl.deploy.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gpuctl.cli.chaos.client.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Tests {@code secured.yaml} unchanged: TLS, passwords, and the rights that {@code gpuctl kafka acls} grants.
 * AccessMatrixIT checks one by one that every service has exactly the rights that it needs.
 */
@NeedsDocker
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredClusterIT {
    private static final List<String> USERS = List.of("orchestrator", "api", "nodes", "auditor", "deployer");
    private static final String CLIENTS = "kafka-1:9092,kafka-2:9092,kafka-3:9092";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Path SECRETS = ComposeFile.DIRECTORY.resolve("secrets");

    private ComposeStack stack;

    @BeforeAll
    void start() throws Exception {
        stack = new ComposeStack(ComposeFile.read("compose.yaml", "secured.yaml"));
        stack.start("kafka-1", "kafka-2", "kafka-3");
        stack.runOnce("users");
        stack.runOnce("acls");
        stack.runOnce("topics");
    }

    @AfterAll
    void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void aTaskGoesThroughServicesWithUsersOfTheirOwn() {
        stack.start("orchestrator-1", "api-1", "simulator");

        try (var api = new ApiClient(stack.api("api-1"))) {
            assertThat(api.post("/tasks", "{\"task_id\":\"guarded\",\"gpus\":1,\"duration_ms\":500}")
                            .status())
                    .isEqualTo(201);
            await("the task completes")
                    .atMost(LIMIT)
                    .until(() -> api.get("/tasks/guarded")
                            .json()
                            .path("state")
                            .asText()
                            .equals("completed"));
        }
        stack.run("verify", "--kafka", CLIENTS);
    }

    @Test
    void aTopicTakesRecordsFromItsWriterAlone() throws Exception {
        List<String> tries = new ArrayList<>();
        for (String user : USERS) {
            try (Producer<byte[], byte[]> producer = producer(user)) {
                for (String topic : List.of("cluster-events", "task-commands", "task-reports")) {
                    tries.add("%s writes %s: %s".formatted(user, topic, write(producer, topic)));
                }
            }
        }

        tries.forEach(System.out::println);
        assertThat(tries)
                .filteredOn(one -> one.endsWith("allowed"))
                .containsExactlyInAnyOrder(
                        "orchestrator writes cluster-events: allowed",
                        "api writes task-commands: allowed",
                        "nodes writes task-reports: allowed");
        assertThat(tries).hasSize(15).filteredOn(one -> one.endsWith("refused")).hasSize(12);
    }

    @Test
    void aWrongPasswordIsRefused() throws IOException {
        Properties settings = settings("api");
        settings.setProperty(
                "sasl.jaas.config",
                settings.getProperty("sasl.jaas.config").replaceFirst("password=\"[^\"]*\"", "password=\"guessed\""));

        try (Admin admin = Admin.create(settings)) {
            assertThatThrownBy(() -> admin.describeCluster().clusterId().get())
                    .hasCauseInstanceOf(SaslAuthenticationException.class);
        }
    }

    private static String write(Producer<byte[], byte[]> producer, String topic) throws InterruptedException {
        try {
            // Not a valid record: its readers skip it.
            producer.send(new ProducerRecord<>(topic, 0, new byte[0], new byte[0]))
                    .get();
            return "allowed";
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(TopicAuthorizationException.class);
            return "refused";
        }
    }

    private Producer<byte[], byte[]> producer(String user) throws IOException {
        Properties settings = settings(user);
        settings.setProperty("enable.idempotence", "false");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Returns the client settings of a user, adapted to this machine. */
    private Properties settings(String user) throws IOException {
        var settings = new Properties();
        try (var file = Files.newInputStream(SECRETS.resolve(user + ".properties"))) {
            settings.load(file);
        }
        settings.setProperty(
                "ssl.truststore.location", SECRETS.resolve("ca.pem").toString());
        settings.setProperty("bootstrap.servers", stack.brokers());
        return settings;
    }
}
