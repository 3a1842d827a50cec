package io.gpuctl.cli.chaos.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.ApiClient.Answer;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** False or forged reports of nodes, and small tasks that cause a lot of work. */
final class NodeScenarios {
    private static final Duration AHEAD = Duration.ofDays(3652);
    private static final int FLOODERS = 20;
    private static final int CRASHES = 12;

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "checkpoint-flood",
                    "20 tasks with a checkpoint every millisecond, cancelled while they run",
                    Use.UNDISTURBED,
                    NodeScenarios::checkpointFlood),
            new Scenario(
                    "wrong-times",
                    "commands, reports and heartbeats with times in the year 2036, and with the largest and smallest times",
                    Use.ALONE,
                    NodeScenarios::wrongTimes),
            new Scenario(
                    "forged-reports",
                    "forged reports say that a running task has ended",
                    Use.UNDISTURBED,
                    NodeScenarios::forgedReports),
            new Scenario(
                    "crashing-node",
                    "a node crashes twelve times: the cluster must take it out of service",
                    Use.ALONE,
                    NodeScenarios::crashingNode));

    private NodeScenarios() {}

    private static void checkpointFlood(Stage stage) {
        String prefix = "flood-%08x-".formatted(stage.random().nextInt());
        int taken = 0;
        for (int i = 0; i < FLOODERS; i++) {
            Answer answer = stage.anyApi()
                    .post(
                            "/tasks",
                            "{\"task_id\":\"%s%d\",\"user\":\"%s%d\",\"gpus\":0.01,\"duration\":100000,\"checkpoint_interval\":0.001}"
                                    .formatted(prefix, i, prefix, i));
            stage.require("a task with a checkpoint every millisecond", answer, 201, 422, 503, 0);
            taken += answer.status() == 201 ? 1 : 0;
        }
        stage.say("%d of %d tasks were accepted".formatted(taken, FLOODERS));
        stage.pauseSeconds(5, 8);
        for (int i = 0; i < FLOODERS; i++) {
            cancel(stage, prefix + i);
        }
    }

    /** Cancels the task, if it exists, and waits for its end. */
    private static void cancel(Stage stage, String id) {
        stage.until("task %s is cancelled".formatted(id), () -> {
            ApiClient api = stage.apis().getFirst();
            Answer answer = api.send(HttpRequest.newBuilder(api.address().resolve("/tasks/" + id))
                    .DELETE());
            return answer.status() == 404 || answer.status() == 409 || answer.status() == 200;
        });
    }

    private static void wrongTimes(Stage stage) throws InterruptedException, ExecutionException {
        List<Long> times = List.of(
                Instant.now().plus(AHEAD).toEpochMilli(), Long.MAX_VALUE, Long.MAX_VALUE - 1, -1L, Long.MIN_VALUE, 0L);
        try (var producer = stage.cluster().kafka().producer(Map.of())) {
            for (long atMs : times) {
                String id = "late-%016x".formatted(stage.random().nextLong());
                send(
                        producer,
                        "node-events",
                        "0",
                        "{\"type\":\"heartbeat\",\"pool\":\"default\",\"node_id\":\"0\",\"incarnation\":1,\"running\":[],\"at_ms\":%d}"
                                .formatted(atMs));
                send(
                        producer,
                        "task-reports",
                        id,
                        "{\"type\":\"progressed\",\"source\":{\"pool\":\"default\",\"node_id\":\"0\",\"incarnation\":1},\"attempt\":{\"task_id\":\"%s\",\"number\":1},\"progress_ms\":1,\"at_ms\":%d}"
                                .formatted(id, atMs));
                send(
                        producer,
                        "task-commands",
                        id,
                        "{\"type\":\"cancel_task\",\"pool\":\"default\",\"task_id\":\"%s\",\"at_ms\":%d}"
                                .formatted(id, atMs));
                send(
                        producer,
                        "node-conditions",
                        "0",
                        "{\"node_id\":\"0\",\"pool\":\"default\",\"at_ms\":%d,\"gpus\":[]}".formatted(atMs));
            }
        }
        stage.say("records with %d wrong times in 4 topics".formatted(times.size()));
        stage.awaitService();
        requireTimeIsRight(stage);
    }

    private static void requireTimeIsRight(Stage stage) {
        ApiClient api = stage.apis().getFirst();
        String id = "time-%016x".formatted(stage.random().nextLong());
        String body = "{\"task_id\":\"%s\",\"user\":\"%s\",\"gpus\":0.1,\"duration_ms\":100}".formatted(id, id);
        stage.until("a submission is accepted", () -> api.post("/tasks", body).status() == 201);
        stage.until("the task completes", () -> state(api, id).equals("completed"));
        Instant finished =
                Instant.parse(api.get("/tasks/" + id).json().path("finished_at").asText());
        if (finished.isAfter(Instant.now().plus(Duration.ofHours(1)))) {
            throw new ChaosException(
                    "the cluster's clock is at %s, but the time is %s".formatted(finished, Instant.now()));
        }
    }

    private static String state(ApiClient api, String id) {
        return api.get("/tasks/" + id).json().path("state").asText();
    }

    private static void forgedReports(Stage stage) throws InterruptedException, ExecutionException {
        ApiClient api = stage.apis().getFirst();
        String id = "forged-%016x".formatted(stage.random().nextLong());
        String body = "{\"task_id\":\"%s\",\"user\":\"%s\",\"gpus\":0.1,\"duration\":3000,\"priority\":\"high\"}"
                .formatted(id, id);
        stage.until("a submission is accepted", () -> api.post("/tasks", body).status() == 201);
        stage.until("the task runs", () -> state(api, id).equals("running"));
        JsonNode placed = placement(api.get("/tasks/%s/events".formatted(id)).json());
        JsonNode allocation = placed.path("allocations").path(0);
        try (var producer = stage.cluster().kafka().producer(Map.of())) {
            for (String type : List.of("checkpointed", "completed", "failed", "stopped")) {
                send(
                        producer,
                        "task-reports",
                        id,
                        ("{\"type\":\"%s\",\"source\":{\"pool\":\"default\",\"node_id\":%s,\"incarnation\":%s},\"attempt\":{\"task_id\":\"%s\",\"number\":%s},"
                                        + "\"progress_ms\":2999000,\"exit_code\":1,\"message\":\"forged\",\"lost_ms\":0,\"energy_mj\":1,\"at_ms\":%d}")
                                .formatted(
                                        type,
                                        allocation.path("node_id"),
                                        allocation.path("incarnation"),
                                        id,
                                        placed.path("attempt"),
                                        System.currentTimeMillis()));
            }
        }
        stage.awaitService();
        String state = state(api, id);
        cancel(stage, id);
        // A node or the API may have been killed meanwhile: the task may wait again, but must not have ended.
        if (state.equals("completed") || state.equals("failed")) {
            throw new ChaosException("a forged report ended task %s: its state is %s".formatted(id, state));
        }
        stage.say("the cluster ignored the forged reports about task %s".formatted(id));
    }

    private static JsonNode placement(JsonNode history) {
        for (JsonNode fact : history.path("events")) {
            if (fact.path("event").path("type").asText().equals("task_placed")) {
                return fact.path("event");
            }
        }
        throw new ChaosException("no placement in " + history);
    }

    private static void crashingNode(Stage stage) {
        ApiClient api = stage.apis().getFirst();
        for (int crash = 1; crash <= CRASHES; crash++) {
            stage.until("node 0 is up, or out of service", () -> {
                String health = health(api);
                return health.equals("healthy") || health.equals("degraded") || isOutOfService(health);
            });
            if (isOutOfService(health(api))) {
                stage.say("node 0 is %s after %d crashes".formatted(health(api), crash - 1));
                return;
            }
            Answer answer = api.post("/nodes/0/faults", "{\"kind\":\"node_crash\",\"duration\":1}");
            stage.require("a crash of node 0", answer, 200, 201, 202, 503);
            stage.pauseSeconds(3, 4);
        }
        stage.until("node 0 is out of service after %d crashes".formatted(CRASHES), () -> isOutOfService(health(api)));
    }

    private static String health(ApiClient api) {
        return api.get("/nodes/0").json().path("health").asText();
    }

    private static boolean isOutOfService(String health) {
        return health.equals("cordoned") || health.equals("draining");
    }

    private static void send(
            Producer<byte @Nullable [], byte @Nullable []> producer, String topic, String key, String value)
            throws InterruptedException, ExecutionException {
        producer.send(new ProducerRecord<>(
                        topic,
                        RecordScenarios.defaultPartition(),
                        key.getBytes(StandardCharsets.UTF_8),
                        value.getBytes(StandardCharsets.UTF_8)))
                .get();
    }
}
