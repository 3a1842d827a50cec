package io.gpuctl.cli.chaos.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.gpuctl.cli.chaos.check.FirstSubmissions;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.ApiClient.Answer;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.Waiting;
import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Requests of clients and operators to the API, in bulk and at critical moments. */
final class ClientScenarios {
    private static final int CLIENTS = 50;
    private static final int CONTESTED_IDS = 100;
    private static final int RACES_AT_ONCE = 4;
    private static final int TRIES = 100;
    private static final int XIDS = 24;

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "duplicate-submissions",
                    "50 clients submit the same id at the same moment, to both APIs: all get the same task",
                    Use.ANYWHERE,
                    ClientScenarios::duplicates),
            new Scenario(
                    "contested-ids",
                    "50 clients submit 25 different tasks with the same id at the same moment, each to both APIs, for"
                            + " 100 ids: the first in the log gets 201, the others get 409",
                    Use.UNDISTURBED,
                    ClientScenarios::contested),
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
        String body = submission(id, id);
        for (Answer answer : atOnce(stage, List.of(body), ClientScenarios::once)) {
            stage.require("one of %d identical submissions".formatted(CLIENTS), answer, 201, 503, 0);
        }
        stage.say("%d clients submitted task %s".formatted(CLIENTS, id));
    }

    private static String submission(String id, String user) {
        return "{\"task_id\":\"%s\",\"user\":\"%s\",\"gpus\":0.1,\"duration_ms\":200}".formatted(id, user);
    }

    private static void contested(Stage stage) throws InterruptedException, ExecutionException {
        List<String> users =
                IntStream.range(0, CLIENTS / 2).mapToObj("racer-%d"::formatted).toList();
        Map<String, List<Answer>> answers = new LinkedHashMap<>();
        try (var races = Executors.newFixedThreadPool(RACES_AT_ONCE)) {
            Map<String, Future<List<Answer>>> begun = new LinkedHashMap<>();
            for (int i = 0; i < CONTESTED_IDS; i++) {
                String id = "race-%016x".formatted(stage.random().nextLong());
                List<String> bodies =
                        users.stream().map(user -> submission(id, user)).toList();
                begun.put(id, races.submit(() -> atOnce(stage, bodies, ClientScenarios::submitted)));
            }
            for (var race : begun.entrySet()) {
                answers.put(race.getKey(), race.getValue().get());
            }
        }
        Map<String, JsonNode> tasks =
                FirstSubmissions.read(stage.cluster().kafka().clientSettings());
        int taken = 0;
        int refused = 0;
        for (var race : answers.entrySet()) {
            String owner = tasks.getOrDefault(race.getKey(), MissingNode.getInstance())
                    .path("user")
                    .asText();
            for (int i = 0; i < CLIENTS; i++) {
                boolean isOwner = users.get(i % users.size()).equals(owner);
                stage.require(
                        "client %d of task %s, which belongs to '%s' in the log,".formatted(i, race.getKey(), owner),
                        race.getValue().get(i),
                        isOwner ? 201 : 409);
                taken += isOwner ? 1 : 0;
                refused += isOwner ? 0 : 1;
            }
        }
        stage.say("%d ids, %d clients each: %d got 201 and %d got 409, each as the log says"
                .formatted(answers.size(), CLIENTS, taken, refused));
    }

    private static Answer once(ApiClient api, String body) {
        return api.post("/tasks", body);
    }

    /** Submits until the answer is not that the API cannot answer now. */
    private static Answer submitted(ApiClient api, String body) {
        Answer answer = api.post("/tasks", body);
        for (int tries = 1; tries < TRIES && (answer.status() == 503 || answer.status() == 0); tries++) {
            Waiting.pause(Duration.ofMillis(500));
            answer = api.post("/tasks", body);
        }
        return answer;
    }

    private static void twoPools(Stage stage) throws InterruptedException, ExecutionException {
        String id = "pools-%016x".formatted(stage.random().nextLong());
        String form = "{\"task_id\":\"%s\",\"user\":\"%s\",\"pool\":\"%s\",\"gpus\":0.1,\"duration_ms\":200}";
        List<String> bodies = List.of(form.formatted(id, id, "default"), form.formatted(id, id, "other"));
        int taken = 0;
        String pool = "";
        for (Answer answer : atOnce(stage, bodies, ClientScenarios::once)) {
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
     * Sends the bodies at once: client i sends body i modulo the number of bodies. Clients with the same body take
     * turns with the APIs.
     */
    private static List<Answer> atOnce(Stage stage, List<String> bodies, BiFunction<ApiClient, String, Answer> request)
            throws InterruptedException, ExecutionException {
        List<Answer> answers = new ArrayList<>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> asked = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int turn = i / bodies.size() + i % bodies.size();
                ApiClient api = stage.apis().get(turn % stage.apis().size());
                String body = bodies.get(i % bodies.size());
                asked.add(clients.submit(() -> request.apply(api, body)));
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
