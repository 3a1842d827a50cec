package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.load.ReadLoad;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.cluster.Waiting;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

final class ReadsMeasurement implements Measurement {
    private static final int CONNECTIONS = 16;
    private static final String TASK = "/tasks/bench-read";

    /** The index of routes: it goes through the same layers as a task, and its content never changes. */
    private static final String STATIC = "/";

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "reads";
    }

    @Override
    public String description() {
        return ("Answers a second to %d kept connections, each of which sends its next request after the answer: a task, a node,"
                        + " `/metrics`, and the same application's static answer, the index of routes at `/`.")
                .formatted(CONNECTIONS);
    }

    @Override
    public Map<String, Double> measure(Rig rig) throws Exception {
        try (var cluster = rig.up();
                var api = new ApiClient(cluster.api());
                var load = new ReadLoad(cluster.api(), CONNECTIONS)) {
            var figures = new Figures();
            for (var read : paths(api).entrySet()) {
                load.run(read.getValue(), rig.settings().warmup().dividedBy(4));
                var result = load.run(read.getValue(), rig.settings().measured().dividedBy(4));
                figures.put(read.getKey() + "_per_s", result.answersPerSecond())
                        .put(read.getKey() + "_failures", result.failures())
                        .put(read.getKey() + "_load_cpu_ms_a_request", result.cpuMillisARequest());
            }
            return figures.toMap();
        }
    }

    private static Map<String, String> paths(ApiClient api) {
        api.post(
                "/tasks",
                "{\"task_id\":\"%s\",\"gpus\":0.1,\"duration\":0.5}".formatted(TASK.substring("/tasks/".length())));
        Waiting.until(
                "the task has ended",
                LIMIT,
                () -> api.get(TASK).json().path("state").asText().equals("completed"));
        String node = api.get("/nodes?limit=1").json().at("/nodes/0/node_id").asText();
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("static", STATIC);
        paths.put("task", TASK);
        paths.put("node", "/nodes/" + node);
        paths.put("metrics", "/metrics");
        return paths;
    }
}
