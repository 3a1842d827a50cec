package io.gpuctl.cli.chaos.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.fuzz.RecordFuzzer;
import io.gpuctl.cli.chaos.fuzz.RouteFuzzer;
import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** The fuzzer as scenarios. */
final class FuzzScenarios {
    private static final Duration ROUTES_TIME = Duration.ofSeconds(40);
    private static final int RECORDS_EACH = 200;
    private static final List<String> TOPICS = List.of(
            "task-commands",
            "placements",
            "task-reports",
            "node-events",
            "fault-injections",
            "cluster-events",
            "gpu-telemetry",
            "node-conditions",
            "dead-letters");

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "fuzz-routes", "mutated requests to every route of both APIs", Use.ALONE, FuzzScenarios::routes),
            new Scenario(
                    "fuzz-records",
                    "mutated records in every topic, including facts and node commands",
                    Use.ALONE_FORGED,
                    FuzzScenarios::records));

    private FuzzScenarios() {}

    private static void routes(Stage stage) {
        for (ApiClient api : stage.apis()) {
            var fuzzer = new RouteFuzzer(api, stage.random().split());
            fuzzer.run(ROUTES_TIME);
            stage.say("%d routes, answers by status: %s".formatted(fuzzer.routes(), fuzzer.statuses()));
        }
        undo(stage);
        stage.awaitService();
    }

    /** Undoes random effects of the fuzzer: puts nodes back into service, and cancels tasks that would run for ever. */
    private static void undo(Stage stage) {
        ApiClient api = stage.apis().getFirst();
        for (JsonNode node : api.get("/nodes").json().path("nodes")) {
            api.post("/nodes/%s/uncordon".formatted(node.path("node_id").asText()), "{\"reason\":\"chaos\"}");
        }
        api.tasks().forEach((id, state) -> {
            if (!id.startsWith("c") && !id.startsWith("probe-")) {
                api.send(HttpRequest.newBuilder(api.address().resolve("/tasks/" + id))
                        .DELETE());
            }
        });
    }

    private static void records(Stage stage) throws ExecutionException, InterruptedException {
        var fuzzer = new RecordFuzzer(
                stage.cluster().kafka().clientSettings(), stage.random().split());
        stage.say("%d mutated records".formatted(fuzzer.run(TOPICS, RECORDS_EACH)));
        stage.awaitService();
    }
}
