package io.gpuctl.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.node.IntNode;
import io.gpuctl.api.problem.FieldError;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.request.JsonFields;
import io.gpuctl.cli.StubApi;
import io.gpuctl.cli.StubApi.Answer;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.form.SubmissionReader;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.experiments.trace.WorkloadFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeederTest {

    @TempDir
    private Path directory;

    /** Submits the only task of a workload file, and reads the request as the API does. */
    private TaskSpec fed(String line) throws Exception {
        var workload = WorkloadFile.read(Files.writeString(directory.resolve("workload.jsonl"), line));
        var clock = ClusterClock.wall();
        try (var api = new StubApi()
                        .on("POST /tasks", Answer.of(200, "{\"line\":1,\"status\":201,\"task_id\":\"a\"}"));
                var feeder = Feeder.start(api.address(), workload.arrivals(), clock, clock.nowMs(), _ -> false)) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> feeder.accepted() == 1);
            byte[] body =
                    api.requests().getFirst().substring("POST /tasks ".length()).getBytes(StandardCharsets.UTF_8);
            return SubmissionReader.read(JsonFields.of(body, "a task", "{}"), () -> new TaskId("generated"))
                    .task();
        }
    }

    @Test
    void submitsHowTheLoadGoesAndWhenTheWorkIsSaved() throws Exception {
        var work = fed("""
                        {"at_ms":0,"task":{"task_id":"a","gpus":{"count":1,"milli":1000},"work":{"duration_ms":60001,\
                        "profile":"training_large","checkpoint_interval_ms":1500,"checkpoint_cost_ms":250}}}
                        """).work();

        assertThat(work.profile()).isEqualTo(LoadProfile.TRAINING_LARGE);
        assertThat(work.checkpointIntervalMs()).isEqualTo(1_500);
        assertThat(work.checkpointCostMs()).isEqualTo(250);
    }

    @Test
    void submitsTogetherWhatIsDueAndAgainWhatTheApiCouldNotTake() throws Exception {
        var workload = WorkloadFile.read(Files.writeString(directory.resolve("workload.jsonl"), """
                {"at_ms":0,"task":{"task_id":"a","gpus":{"count":1,"milli":1000},"work":{"duration_ms":1}}}
                {"at_ms":0,"task":{"task_id":"b","gpus":{"count":1,"milli":1000},"work":{"duration_ms":1}}}
                {"at_ms":0,"task":{"task_id":"c","gpus":{"count":1,"milli":1000},"work":{"duration_ms":1}}}
                {"at_ms":86400000,"task":{"task_id":"tomorrow","gpus":{"count":1,"milli":1000},"work":{"duration_ms":1}}}
                """));
        var clock = ClusterClock.wall();
        try (var api = new StubApi()
                        .on(
                                "POST /tasks",
                                new Answer(503, "{}", Map.of("Retry-After", "0")),
                                Answer.of(200, """
                                        {"line":1,"status":201,"task_id":"a"}
                                        {"line":2,"status":503,"task_id":"b","problem":{"title":"Too busy"}}
                                        {"line":3,"status":409,"task_id":"c","problem":{"title":"Task exists"}}
                                        """),
                                Answer.of(200, "{\"line\":1,\"status\":201,\"task_id\":\"b\"}"));
                var feeder = Feeder.start(api.address(), workload.arrivals(), clock, clock.nowMs(), _ -> false)) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> feeder.accepted() == 2);

            assertThat(feeder.refusals().unexpected()).contains("c: Task exists");
            assertThat(api.requests())
                    .extracting(FeederTest::ids)
                    .containsExactly(List.of("a", "b", "c"), List.of("a", "b", "c"), List.of("b"));
        }
    }

    private static List<String> ids(String request) {
        return Pattern.compile("\"task_id\":\"(\\w+)\"")
                .matcher(request)
                .results()
                .map(id -> id.group(1))
                .toList();
    }

    @Test
    void countsARefusalUnderTheReasonOfTheScheduler() throws Exception {
        var workload = WorkloadFile.read(Files.writeString(directory.resolve("workload.jsonl"), """
                {"at_ms":0,"task":{"task_id":"a","gpus":{"count":1,"milli":1000,"memory_mib":90000},"work":{"duration_ms":1}}}
                """));
        var tooLarge = new FieldError("memory_required", new IntNode(88), "at most 80 GiB", "too large");
        var problem = Problem.of(ProblemType.DOES_NOT_FIT, List.of(tooLarge)).because(Code.INSUFFICIENT_GPU_MEMORY);
        var clock = ClusterClock.wall();
        try (var api = new StubApi()
                        .on(
                                "POST /tasks",
                                Answer.of(
                                        200,
                                        "{\"line\":1,\"status\":422,\"task_id\":\"a\",\"problem\":%s}"
                                                .formatted(EventJson.mapper().writeValueAsString(problem))));
                var feeder = Feeder.start(api.address(), workload.arrivals(), clock, clock.nowMs(), _ -> false)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> feeder.refusals().count() == 1);

            assertThat(feeder.refusals().rejectionsByReason()).containsExactly(entry("InsufficientGpuMemory", 1));
        }
    }
}
