package io.gpuctl.cli.chaos.scenario;

import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.ApiClient.Answer;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import io.gpuctl.cli.chaos.cluster.Waiting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A whole cluster in one process, {@code gpuctl up}, on one data directory; can be started any number of times. */
final class UpRun implements AutoCloseable {
    private static final int HEAP_MIB = 768;
    private static final int TOOL_HEAP_MIB = 1024;
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final Stage stage;
    private final Path data;
    private final ChildProcess process;
    private final ApiClient api;

    /** Does not start the process yet. {@code fileLimit}: files that the process may open; 0 for the system's limit. */
    UpRun(Stage stage, String name, Path data, int fileLimit, List<String> more) {
        this.stage = stage;
        this.data = data;
        int port = stage.cluster().freePort();
        api = new ApiClient(URI.create("http://127.0.0.1:" + port));
        List<String> arguments = new ArrayList<>(
                List.of("up", "--data", data.toString(), "--port", Integer.toString(port), "--kafka-open"));
        arguments.addAll(more);
        process = stage.cluster().prepare(name, HEAP_MIB, fileLimit, arguments);
    }

    static UpRun of(Stage stage, String... more) {
        return new UpRun(stage, "up", stage.cluster().directory().resolve("up"), 0, List.of(more));
    }

    UpRun start() {
        process.start();
        Waiting.until("up is ready", START_LIMIT, () -> {
            if (!process.isAlive()) {
                throw new ChaosException("up ended by itself: " + process.tail());
            }
            return process.output().contains("ready in ");
        });
        return this;
    }

    ChildProcess process() {
        return process;
    }

    ApiClient api() {
        return api;
    }

    /** Sends SIGTERM. Throws if the process has to be killed. */
    void stop() {
        if (!process.stop(STOP_LIMIT)) {
            throw new ChaosException("up did not stop within %d s".formatted(STOP_LIMIT.toSeconds()));
        }
    }

    void kill() {
        stage.say("kill -9 up");
        process.kill();
    }

    /** Submits a task, and retries until it is accepted. */
    void submit(String id, String fields) {
        String body = "{\"task_id\":\"%s\",\"user\":\"%s\",%s}".formatted(id, id, fields);
        Waiting.until(
                "task %s is accepted".formatted(id),
                LIMIT,
                () -> api.post("/tasks", body).status() == 201);
    }

    String state(String id) {
        return api.get("/tasks/" + id).json().path("state").asText();
    }

    int attempt(String id) {
        return api.get("/tasks/" + id).json().path("attempt").asInt();
    }

    void await(String id, String state) {
        Waiting.until(
                "task %s is %s".formatted(id, state), LIMIT, () -> state(id).equals(state));
    }

    void requireTaken(String id) {
        Answer answer = api.get("/tasks/" + id);
        if (answer.status() != 200) {
            throw new ChaosException(
                    "task %s was answered with 201, but GET is answered with %d".formatted(id, answer.status()));
        }
    }

    /** Runs {@code gpuctl verify} and {@code replay} on the stopped cluster. */
    void verify() {
        String export = data.resolveSibling(data.getFileName() + "-export").toString();
        tool("verify", List.of("verify", "--data", data.toString()));
        tool("export", List.of("log", "export", "--data", data.toString(), "-o", export));
        tool("replay", List.of("replay", export));
    }

    private void tool(String name, List<String> arguments) {
        ChildProcess tool = stage.cluster().run(name, TOOL_HEAP_MIB, LIMIT, arguments);
        List<String> lines = tool.output().lines().toList();
        stage.say("%s: %s".formatted(name, lines.isEmpty() ? "" : lines.getLast()));
        if (tool.awaitExit(LIMIT) != 0) {
            throw new ChaosException("%s: %s".formatted(String.join(" ", arguments), tool.tail()));
        }
    }

    @Override
    public void close() {
        process.kill();
        api.close();
    }
}
