package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.load.SubmissionLoad;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.Waiting;
import java.time.Duration;
import java.util.Map;

final class RestartMeasurement implements Measurement {
    private static final int TASKS_PER_SECOND = 500;
    private static final int TASKS_PER_REQUEST = 250;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String description() {
        return "From the start of `gpuctl up` on the directory of a cluster that was stopped, with finished tasks in its log, until it is ready.";
    }

    @Override
    public Map<String, Double> measure(Rig rig) throws Exception {
        int tasks = rig.settings().restartTasks();
        try (var cluster = rig.up()) {
            try (var load = new SubmissionLoad(cluster.api(), cluster.kafka())) {
                SubmissionLoad.Result submitted = load.run(new SubmissionLoad.Plan(
                        TASKS_PER_SECOND,
                        TASKS_PER_REQUEST,
                        Duration.ZERO,
                        Duration.ofSeconds(tasks / TASKS_PER_SECOND)));
                if (submitted.refusals() > 0) {
                    throw new ChaosException(
                            "Of %,d tasks, these were refused: %s".formatted(tasks, submitted.refused()));
                }
            }
            try (var api = new ApiClient(cluster.api())) {
                Waiting.until("no task is left", LIMIT, () -> completed(api) >= tasks);
            }
            cluster.restart();
            return new Figures()
                    .put("finished_tasks", tasks)
                    .put("ready_s", cluster.readyAfter().toMillis() / 1e3)
                    .put("resident_mib", cluster.residentMib())
                    .toMap();
        }
    }

    private static int completed(ApiClient api) {
        return api.taskCounts().getOrDefault("completed", 0);
    }
}
