package io.gpuctl.cli.chaos.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.ApiClient.Answer;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Requests of clients and operators to the API, in bulk and at critical moments. */
final class ClientScenarios {
    private static final int CLIENTS = 50;
    private static final int XIDS = 24;

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "duplicate-submissions",
                    "50 clients submit the same id at the same moment, to both APIs: all get the same task",
                    Use.ANYWHERE,
                    ClientScenarios::duplicates),
            new Scenario(
                    "id-in-two-pools",
                    "50 clients submit the same id to two pools at the same moment: one pool accepts the task",
                    Use.ANYWHERE,
                    ClientScenarios::twoPools),
            new Scenario(
                    "xid-storm",
                    "driver faults on GPUs of many nodes at once",
                    Use.ANYWHERE,
                    ClientScenarios::xidStorm),
            new Scenario(
                    "drain-nodes",
                    "half of the nodes are drained and uncordoned",
                    Use.ANYWHERE,
                    ClientScenarios::drainNodes));

    private ClientScenarios() {}

    private static void duplicates(Stage stage) throws InterruptedException, ExecutionException {
        String id = "same-%016x".formatted(stage.random().nextLong());
        String body = "{\"task_id\":\"%s\",\"user\":\"%s\",\"gpus\":0.1,\"duration_ms\":200}".formatted(id, id);
        for (Answer answer : atOnce(stage, List.of(body))) {
            stage.require("one of %d identical submissions".formatted(CLIENTS), answer, 201, 503, 0);
        }
        stage.say("%d clients submitted task %s".formatted(CLIENTS, id));
    }

    private static void twoPools(Stage stage) throws InterruptedException, ExecutionException {
        String id = "pools-%016x".formatted(stage.random().nextLong());
        String form = "{\"task_id\":\"%s\",\"user\":\"%s\",\"pool\":\"%s\",\"gpus\":0.1,\"duration_ms\":200}";
        List<String> bodies = List.of(form.formatted(id, id, "default"), form.formatted(id, id, "other"));
        int taken = 0;
        String pool = "";
        for (Answer answer : atOnce(stage, bodies)) {
            stage.require("one of %d submissions to two pools".formatted(CLIENTS), answer, 201, 409, 422, 503, 0);
            if (answer.status() == 201) {
                String own = answer.json().path("pool").asText();
                if (!pool.isEmpty() && !pool.equals(own)) {
                    throw new ChaosException("task %s was accepted in the pools %s and %s".formatted(id, pool, own));
                }
                pool = own;
                taken++;
            }
        }
        stage.say("task %s: %d of %d got 201, all in pool '%s'".formatted(id, taken, CLIENTS, pool));
    }

    /**
     * Sends the bodies at once: client i sends body i modulo the number of bodies, to API i modulo the number of APIs.
     */
    private static List<Answer> atOnce(Stage stage, List<String> bodies)
            throws InterruptedException, ExecutionException {
        List<Answer> answers = new ArrayList<>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> asked = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                ApiClient api =
                        stage.apis().get(i / bodies.size() % stage.apis().size());
                String body = bodies.get(i % bodies.size());
                asked.add(clients.submit(() -> api.post("/tasks", body)));
            }
            for (Future<Answer> answer : asked) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    private static List<String> nodes(Stage stage) {
        List<String> ids = new ArrayList<>();
        JsonNode nodes = stage.anyApi().get("/nodes").json().path("nodes");
        nodes.forEach(node -> ids.add(node.path("node_id").asText()));
        return ids;
    }

    private static void xidStorm(Stage stage) {
        List<String> nodes = nodes(stage);
        int taken = 0;
        for (int i = 0; i < XIDS && !nodes.isEmpty(); i++) {
            int xid = new int[] {79, 48, 63, 94, 31, 43}[stage.random().nextInt(6)];
            Answer answer = stage.anyApi()
                    .post(
                            "/nodes/%s/faults"
                                    .formatted(nodes.get(stage.random().nextInt(nodes.size()))),
                            "{\"kind\":\"xid\",\"xid\":%d,\"gpu\":%d,\"duration\":%d}"
                                    .formatted(
                                            xid,
                                            stage.random().nextInt(8),
                                            2 + stage.random().nextInt(8)));
            taken += answer.status() == 202 || answer.status() == 201 || answer.status() == 200 ? 1 : 0;
        }
        stage.say("%d of %d driver faults injected".formatted(taken, XIDS));
        stage.pauseSeconds(2, 5);
    }

    private static void drainNodes(Stage stage) {
        List<String> nodes = nodes(stage);
        List<String> half = nodes.subList(0, nodes.size() / 2);
        half.forEach(node -> stage.anyApi().post("/nodes/%s/drain".formatted(node), "{\"reason\":\"chaos\"}"));
        stage.pauseSeconds(2, 6);
        for (String node : half) {
            for (int attempt = 0; attempt < 20; attempt++) {
                Answer answer = stage.anyApi().post("/nodes/%s/uncordon".formatted(node), "{\"reason\":\"chaos\"}");
                if (answer.status() / 100 == 2) {
                    break;
                }
                stage.pauseSeconds(0.5, 1);
            }
        }
        stage.say("%d nodes drained and uncordoned".formatted(half.size()));
    }
}
