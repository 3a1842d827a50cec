package io.gpuctl.deploy.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gpuctl.cli.chaos.check.CheckReport;
import io.gpuctl.cli.chaos.check.LogCheck;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.Ledger;
import io.gpuctl.cli.chaos.client.LedgerCheck;
import io.gpuctl.cli.chaos.client.LoadGenerator;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sets up the cluster of {@code compose.yaml} before its third broker is first started. Then brokers fail in different
 * ways under load, and come back.
 */
@NeedsDocker
class BrokerLossIT {
    private static final String BROKERS = "kafka-1:9092,kafka-2:9092,kafka-3:9092";
    private static final int DISK_MEBIBYTES = 300;
    private static final long SEED = 20_260_101;
    private static final int REQUESTS_PER_SECOND = 5;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Set<String> FINAL = Set.of("completed", "failed", "cancelled", "rejected");

    @TempDir
    private Path directory;

    private int probes;

    @Test
    void nothingAcknowledgedIsLostWhenABrokerIsMissingKilledPausedCutOffOrFull() throws Exception {
        try (var stack = new ComposeStack(ComposeFile.read("compose.yaml"));
                var ledger = new Ledger(directory.resolve("ledger.jsonl"))) {
            stack.addDisk("kafka-2", DISK_MEBIBYTES);
            stack.start("kafka-1", "kafka-2");
            stack.startUnready("orchestrator-1");
            await("the orchestrator says what it waits for")
                    .atMost(LIMIT)
                    .until(() -> stack.container("orchestrator-1")
                            .getLogs()
                            .contains("Kafka at " + BROKERS + ": too few brokers are running"));
            stack.start("kafka-3");
            stack.start("api-1", "simulator");
            URI address = stack.api("api-1");
            try (var load = new LoadGenerator(List.of(address), ledger, SEED, REQUESTS_PER_SECOND)) {
                awaitService(address);

                lose("killed", () -> stack.kill("kafka-1"), () -> stack.restart("kafka-1"), stack, address);
                lose("paused", () -> stack.pause("kafka-2"), () -> stack.resume("kafka-2"), stack, address);
                lose("cut off", () -> stack.cutOff("kafka-3"), () -> stack.reconnect("kafka-3"), stack, address);
                lose(
                        "with a full disk",
                        () -> stack.fillDisk("kafka-2"),
                        () -> stack.freeDisk("kafka-2"),
                        stack,
                        address);

                awaitService(address);
                load.stop();
            }
            awaitEnded(address);

            requireKept(stack, ledger, address);
        }
    }

    private void lose(String how, Runnable loss, Runnable comeBack, ComposeStack stack, URI address) {
        long startNanos = System.nanoTime();
        loss.run();
        awaitService(address);
        long servedSeconds = secondsSince(startNanos);
        comeBack.run();
        awaitAllInSync(stack);
        System.out.printf(
                "a broker %s: tasks go through after %d s; it is back and in sync after %d s%n",
                how, servedSeconds, secondsSince(startNanos));
    }

    private static long secondsSince(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
    }

    private void requireKept(ComposeStack stack, Ledger ledger, URI address) {
        CheckReport log = LogCheck.run(settings(stack));
        System.out.printf(
                "%d requests, %s; %d submissions acknowledged, %d facts%n",
                ledger.requests(), ledger.answers(), ledger.acknowledged(), log.facts());
        assertThat(log.findings().kept()).isEmpty();
        try (var api = new ApiClient(address)) {
            assertThat(LedgerCheck.run(ledger, log, api.tasks())).isEmpty();
        }
        assertThat(ledger.acknowledged()).isPositive();
        stack.run("verify", "--kafka", BROKERS);
    }

    /** Waits until the API accepts a task, and the task completes. */
    private void awaitService(URI address) {
        String id = "probe-" + ++probes;
        String body = "{\"task_id\":\"%s\",\"user\":\"%s\",\"gpus\":0.1,\"duration_ms\":100,\"priority\":\"high\"}"
                .formatted(id, id);
        try (var api = new ApiClient(address)) {
            await(id + " is accepted")
                    .atMost(LIMIT)
                    .until(() -> api.post("/tasks", body).status() == 201);
            await(id + " completes")
                    .atMost(LIMIT)
                    .until(() -> api.get("/tasks/" + id)
                            .json()
                            .path("state")
                            .asText()
                            .equals("completed"));
        }
    }

    private static void awaitEnded(URI address) {
        try (var api = new ApiClient(address)) {
            await("every task has ended").atMost(LIMIT).until(() -> {
                Map<String, Integer> counts = api.taskCounts();
                return !counts.isEmpty()
                        && counts.entrySet().stream()
                                .allMatch(state -> FINAL.contains(state.getKey()) || state.getValue() == 0);
            });
        }
    }

    private static Map<String, Object> settings(ComposeStack stack) {
        return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, stack.brokers());
    }

    /** Waits until the other brokers have all records, so that the next broker may fail. */
    private static void awaitAllInSync(ComposeStack stack) {
        try (Admin admin = Admin.create(settings(stack))) {
            await("all copies are in sync")
                    .atMost(LIMIT)
                    .ignoreException(ExecutionException.class)
                    .until(() ->
                            admin
                                    .describeTopics(admin.listTopics().names().get())
                                    .allTopicNames()
                                    .get()
                                    .values()
                                    .stream()
                                    .map(TopicDescription::partitions)
                                    .flatMap(List::stream)
                                    .allMatch(partition -> partition.isr().size() == 3));
        }
    }
}
