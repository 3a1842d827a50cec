package io.gpuctl.cli.chaos.scenario;

import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.ApiClient.Answer;
import io.gpuctl.cli.chaos.client.Timeline;
import io.gpuctl.cli.chaos.cluster.ChaosCluster;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import io.gpuctl.cli.chaos.cluster.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The environment of a scenario.
 *
 * @param apis one client for each API of the cluster
 * @param timeline what the users of the load see meanwhile
 * @param random seeded: the same seed draws the same faults
 * @param log takes a line for people
 */
public record Stage(
        ChaosCluster cluster, List<ApiClient> apis, Timeline timeline, SplittableRandom random, Consumer<String> log) {
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);

    public void say(String line) {
        log.accept(line);
    }

    public ApiClient anyApi() {
        return apis.get(random.nextInt(apis.size()));
    }

    public void pauseSeconds(double least, double most) {
        Waiting.pause(Duration.ofMillis((long) (1000 * (least + random.nextDouble() * (most - least)))));
    }

    /** Sends SIGKILL. */
    public void kill(ChildProcess process) {
        say("kill -9 %s".formatted(process.name()));
        process.kill();
    }

    public ChildProcess any(String kind) {
        List<ChildProcess> processes = cluster.processes(kind);
        return processes.get(random.nextInt(processes.size()));
    }

    /** Waits until every API accepts a submission and its task has run: the cluster accepts, decides and reports. */
    public void awaitService() {
        awaitServiceWithout("");
    }

    /** Waits as {@link #awaitService} does, while one process stays down. */
    public void awaitServiceWithout(String away) {
        for (ApiClient api : apis) {
            String id = "probe-%016x".formatted(random.nextLong());
            String body = "{\"task_id\":\"%s\",\"user\":\"%s\",\"gpus\":0.1,\"duration_ms\":100,\"priority\":\"high\"}"
                    .formatted(id, id);
            until(
                    "%s answers a submission with 201".formatted(api.address()),
                    away,
                    () -> api.post("/tasks", body).status() == 201);
            until(
                    "task %s, submitted to %s, completes".formatted(id, api.address()),
                    away,
                    () -> api.get("/tasks/" + id).json().path("state").asText().equals("completed"));
        }
    }

    /** Waits for a condition while every process runs; restarts killed ones. Throws after the limit. */
    public void until(String what, BooleanSupplier condition) {
        until(what, "", condition);
    }

    /** Restarts processes while waiting, as a supervisor would: in a soak any process may be killed meanwhile. */
    private void until(String what, String away, BooleanSupplier condition) {
        Waiting.until(what, ANSWER_LIMIT, () -> {
            cluster.revive(away);
            return condition.getAsBoolean();
        });
    }

    /** Throws if the status is not one of the allowed ones. */
    public void require(String request, Answer answer, Integer... allowed) {
        if (!List.of(allowed).contains(answer.status())) {
            throw new ChaosException("%s was answered with %d, but must be one of %s: %s"
                    .formatted(request, answer.status(), List.of(allowed), shortened(answer.text())));
        }
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
