package io.gpuctl.cli.chaos.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.Timeline;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import io.gpuctl.cli.chaos.cluster.Program;
import io.gpuctl.cli.chaos.cluster.Waiting;
import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Replaces the processes of a cluster with processes of another build, one by one, under load. */
final class UpgradeScenarios {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
    private static final int PAST_TASKS = 20;
    private static final int LONG_TASKS = 4;
    private static final int LONG_TASK_SECONDS = 75;

    /** Upgrades brokers before their clients, as Kafka requires. */
    private static final List<String> ORCHESTRATORS_FIRST = List.of("broker", "orchestrator-", "api-", "simulator");

    private static final List<String> APIS_FIRST = List.of("broker", "api-", "orchestrator-", "simulator");

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "upgrade",
                    "each process is upgraded to this build, one by one: brokers, orchestrators, APIs, nodes",
                    Use.UPGRADE,
                    stage -> upgrade(stage, ORCHESTRATORS_FIRST)),
            new Scenario(
                    "upgrade-apis-first",
                    "like upgrade, but with the APIs before the orchestrators",
                    Use.UPGRADE,
                    stage -> upgrade(stage, APIS_FIRST)),
            new Scenario(
                    "downgrade",
                    "each process is upgraded to this build, and then downgraded to the old build, in the reverse order",
                    Use.UPGRADE,
                    UpgradeScenarios::downgrade));

    private UpgradeScenarios() {}

    private static void upgrade(Stage stage, List<String> order) {
        PastAnswers past = awaitPast(stage);
        List<String> running = submitLongTasks(stage);
        replaceAll(stage, order, stage.cluster().programs().tools(), past);
        sayAttempts(stage, running);
    }

    private static void downgrade(Stage stage) {
        PastAnswers past = awaitPast(stage);
        replaceAll(stage, ORCHESTRATORS_FIRST, stage.cluster().programs().tools(), past);
        PastAnswers pastOfNew = awaitPast(stage);
        List<String> running = submitLongTasks(stage);
        stage.say("downgrading");
        Program old = stage.cluster().programs().processes();
        replaceAll(stage, ORCHESTRATORS_FIRST.reversed(), old, past);
        long others = stage.apis().stream()
                .mapToLong(api -> pastOfNew.changed(stage, api).size())
                .sum();
        stage.say("%d of %d answers of the new build differ in the old build"
                .formatted(others, pastOfNew.count() * stage.apis().size()));
        sayAttempts(stage, running);
    }

    /** Waits until there are past answers to compare. */
    private static PastAnswers awaitPast(Stage stage) {
        ApiClient api = stage.apis().getFirst();
        stage.until(
                "%d tasks have completed".formatted(PAST_TASKS),
                () -> api.taskCounts().getOrDefault("completed", 0) >= PAST_TASKS);
        var past = new PastAnswers(stage, api);
        stage.say("%d answers are recorded for comparison".formatted(past.count()));
        return past;
    }

    /** Submits tasks that run while processes are replaced: an upgrade must not fail them. */
    private static List<String> submitLongTasks(Stage stage) {
        List<String> ids = IntStream.range(0, LONG_TASKS)
                .mapToObj(i -> "long-%d-%08x".formatted(i, stage.random().nextInt()))
                .toList();
        ids.forEach(id -> stage.require(
                "task " + id,
                stage.anyApi()
                        .post(
                                "/tasks",
                                "{\"task_id\":\"%s\",\"user\":\"%s\",\"gpus\":1,\"duration\":%d,\"priority\":\"high\",\"checkpoint_interval\":5}"
                                        .formatted(id, id, LONG_TASK_SECONDS)),
                201));
        return ids;
    }

    private static void sayAttempts(Stage stage, List<String> ids) {
        for (String id : ids) {
            ApiClient api = stage.anyApi();
            stage.until(
                    "task %s has completed".formatted(id), () -> state(api, id).equals("completed"));
            JsonNode task = api.get("/tasks/" + id).json();
            stage.say("task %s ran meanwhile: attempt %d"
                    .formatted(id, task.path("attempt").asInt()));
        }
    }

    private static String state(ApiClient api, String id) {
        return api.get("/tasks/" + id).json().path("state").asText();
    }

    private static void replaceAll(Stage stage, List<String> order, Program program, PastAnswers past) {
        for (String kind : order) {
            for (ChildProcess process : stage.cluster().processes(kind)) {
                replace(stage, process, program);
                requireUnchanged(stage, process, past);
                stage.pauseSeconds(2, 3);
            }
        }
    }

    private static void replace(Stage stage, ChildProcess process, Program program) {
        long first = Timeline.now();
        long startNanos = System.nanoTime();
        if (!process.stop(STOP_LIMIT)) {
            throw new ChaosException("%s does not stop within %d s".formatted(process.name(), STOP_LIMIT.toSeconds()));
        }
        stage.cluster().install(program, process);
        stage.cluster().heal();
        Waiting.until("all replicas are in sync", Duration.ofMinutes(2), stage.cluster()::isInSync);
        stage.awaitService();
        double tookSeconds = (System.nanoTime() - startNanos) / 1e9;
        stage.say("%s is replaced, and a task through each API has completed, after %.1f s"
                .formatted(process.name(), tookSeconds));
        stage.apis()
                .forEach(api -> stage.say("  %s: %s"
                        .formatted(api.address(), stage.timeline().of(api.address(), first, Timeline.now()))));
    }

    /** Checks that every API still gives the earlier answers. */
    private static void requireUnchanged(Stage stage, ChildProcess replaced, PastAnswers past) {
        for (ApiClient api : stage.apis()) {
            List<String> changed = past.changed(stage, api);
            if (!changed.isEmpty()) {
                throw new ChaosException("After %s was replaced, %d of %d answers have changed: %s"
                        .formatted(replaced.name(), changed.size(), past.count(), changed.getFirst()));
            }
        }
    }
}
