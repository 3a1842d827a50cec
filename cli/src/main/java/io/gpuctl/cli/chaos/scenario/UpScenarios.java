package io.gpuctl.cli.chaos.scenario;

import io.gpuctl.cli.chaos.client.ApiClient.Answer;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.Waiting;
import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Faults of a whole cluster in one process. */
final class UpScenarios {
    private static final int KILLS = 5;
    private static final int WORKLOAD_TASKS = 300;
    private static final int WORKLOAD_SPACING_MS = 100;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int FILES = 1_500;
    private static final int WIDE_NODES = 2_600;
    private static final int LONG_ID = 124;

    static final List<Scenario> ALL = List.of(
            new Scenario("kill-up", "kill -9 of gpuctl up, five times during a workload", Use.UP, UpScenarios::killUp),
            new Scenario(
                    "ordered-stop",
                    "gpuctl up is stopped and restarted: running tasks continue where they were",
                    Use.UP,
                    UpScenarios::orderedStop),
            new Scenario(
                    "xid79",
                    "all GPUs of a busy node fall off the bus: its tasks continue on other nodes",
                    Use.UP,
                    UpScenarios::xid79),
            new Scenario(
                    "few-files",
                    "gpuctl up may open 1500 files, but gets 1600 connections",
                    Use.UP,
                    UpScenarios::fewFiles),
            new Scenario(
                    "wide-gang",
                    "a gang on 2600 nodes whose ids have 126 characters; then kill -9, and a restart",
                    Use.UP,
                    UpScenarios::wideGang));

    private UpScenarios() {}

    private static void killUp(Stage stage) throws IOException {
        Path workload = Files.write(
                stage.cluster().directory().resolve("workload.jsonl"),
                IntStream.range(0, WORKLOAD_TASKS)
                        .mapToObj(i ->
                                ("{\"at_ms\":%d,\"task\":{\"task_id\":\"w-%d\",\"gpus\":{\"count\":1,\"milli\":500},"
                                                + "\"work\":{\"duration_ms\":%d,\"checkpoint_interval_ms\":1000}}}")
                                        .formatted(
                                                i * WORKLOAD_SPACING_MS,
                                                i,
                                                500 + stage.random().nextInt(4_000)))
                        .toList());
        try (var up = UpRun.of(stage, "--workload", workload.toString(), "--once", "--nodes", "8")) {
            for (int kill = 1; kill <= KILLS; kill++) {
                up.start();
                int target =
                        WORKLOAD_TASKS * (kill - 1) / KILLS + 1 + stage.random().nextInt(WORKLOAD_TASKS / KILLS);
                Waiting.until(
                        "%d tasks are submitted".formatted(target),
                        LIMIT,
                        () -> !up.process().isAlive()
                                || up.api().taskCounts().values().stream()
                                                .mapToInt(Integer::intValue)
                                                .sum()
                                        >= target);
                up.kill();
            }
            up.process().start();
            if (up.process().awaitExit(LIMIT) != 0) {
                throw new ChaosException("the last run failed: " + up.process().tail());
            }
            up.verify();
        }
    }

    private static void orderedStop(Stage stage) {
        List<String> ids = IntStream.range(0, 8).mapToObj(i -> "long-" + i).toList();
        try (var up = UpRun.of(stage, "--nodes", "4").start()) {
            ids.forEach(id -> up.submit(id, "\"gpus\":2,\"duration\":40"));
            ids.forEach(id -> up.await(id, "running"));
            stage.pauseSeconds(5, 6);
            up.stop();
            up.start();
            for (String id : ids) {
                up.await(id, "completed");
                if (up.attempt(id) != 1) {
                    throw new ChaosException(
                            "task %s was restarted by an orderly stop: attempt %d".formatted(id, up.attempt(id)));
                }
            }
            up.stop();
            up.verify();
        }
    }

    private static void xid79(Stage stage) {
        List<String> ids = IntStream.range(0, 8).mapToObj(i -> "busy-" + i).toList();
        try (var up = UpRun.of(stage, "--nodes", "4").start()) {
            ids.forEach(id -> up.submit(id, "\"gpus\":1,\"duration\":600,\"checkpoint_interval\":5"));
            ids.forEach(id -> up.await(id, "running"));
            stage.pauseSeconds(12, 13);
            String node = up.api()
                    .get("/tasks/" + ids.getFirst())
                    .json()
                    .at("/allocations/0/node_id")
                    .asText();
            for (int gpu = 0; gpu < 8; gpu++) {
                up.api()
                        .post(
                                "/nodes/%s/faults".formatted(node),
                                "{\"kind\":\"xid\",\"xid\":79,\"gpu\":%d,\"duration\":60}".formatted(gpu));
            }
            for (String id : ids) {
                Waiting.until(
                        "task %s runs on another node".formatted(id),
                        LIMIT,
                        () -> up.attempt(id) > 1 && up.state(id).equals("running"));
                String saved = up.api()
                        .get("/tasks/" + id)
                        .json()
                        .path("saved_seconds")
                        .asText();
                stage.say("task %s runs as attempt %d, %s s of work were saved".formatted(id, up.attempt(id), saved));
            }
            up.stop();
            up.verify();
        }
    }

    private static void fewFiles(Stage stage) {
        List<Socket> sockets = new ArrayList<>();
        try (var up = new UpRun(stage, "up", stage.cluster().directory().resolve("up"), FILES, List.of("--nodes", "2"))
                .start()) {
            up.submit("before", "\"gpus\":0.1,\"duration\":0.1");
            byte[] half = "POST /tasks HTTP/1.1\r\nHost: 127.0.0.1\r\n".getBytes(StandardCharsets.US_ASCII);
            try {
                for (int i = 0; i < FILES + 100; i++) {
                    HttpScenarios.open(sockets, up.api().address(), half);
                }
                stage.say("%d incomplete requests are open".formatted(sockets.size()));
                stage.pauseSeconds(15, 16);
                if (!up.process().isAlive()) {
                    throw new ChaosException("up ended because it could not open more files: "
                            + up.process().tail());
                }
            } finally {
                HttpScenarios.close(sockets);
            }
            up.submit("after", "\"gpus\":0.1,\"duration\":0.1");
            up.await("after", "completed");
            up.stop();
            up.verify();
        }
    }

    private static void wideGang(Stage stage) throws IOException {
        Path nodes = Files.writeString(
                stage.cluster().directory().resolve("nodes.yaml"),
                "- count: %d\n  id_prefix: %s\n  gpu_model: A100-SXM4-80GB\n  gpus: 1\n"
                        .formatted(WIDE_NODES, "n".repeat(LONG_ID)));
        try (var up = UpRun.of(stage, "--cluster", nodes.toString()).start()) {
            Waiting.until(
                    "all nodes are up",
                    LIMIT,
                    () -> up.api().get("/cluster/status").json().at("/nodes/up").asInt() == WIDE_NODES);
            Answer answer = up.api()
                    .post(
                            "/tasks",
                            "{\"task_id\":\"wide\",\"user\":\"wide\",\"gpus\":%d,\"max_nodes\":4096,\"duration\":5}"
                                    .formatted(WIDE_NODES));
            stage.require("a gang on %d nodes".formatted(WIDE_NODES), answer, 201, 422);
            stage.say("the gang was answered with " + answer.status());
            if (answer.status() == 201) {
                up.await("wide", "completed");
            }
            up.kill();
            up.start();
            up.submit("after", "\"gpus\":0.1,\"duration\":0.1");
            up.await("after", "completed");
            up.stop();
            up.verify();
        }
    }
}
