package io.gpuctl.api.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gpuctl.api.problem.FieldError;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskRequestTest {

    private static final TaskId GENERATED = new TaskId("generated");

    private static TaskSpec parse(String body) {
        return TaskRequest.parse(body.getBytes(StandardCharsets.UTF_8), () -> GENERATED);
    }

    private static Problem problem(String body) {
        return catchThrowableOfType(ProblemException.class, () -> parse(body)).problem();
    }

    @Test
    void readsEveryField() {
        var spec = parse("""
                {"task_id": "t", "gpus": 2, "max_nodes": 3, "gpu_memory_mib": 1000, "cpu_milli": 4000, "memory_mib": 32768,
                 "duration_ms": 1500, "priority": "low", "user": "alice", "pool": "p", "gpu_models": ["H100"],
                 "max_attempts": 5, "utilization": 0.5, "exit_code": 1}
                """);

        assertThat(spec)
                .isEqualTo(new TaskSpec(
                                new TaskId("t"),
                                new PoolId("p"),
                                "alice",
                                Priority.LOW,
                                GpuRequest.whole(2, 1000),
                                4000,
                                32768,
                                List.of("H100"),
                                5,
                                new Work(1500, 0.5, 1))
                        .withMaxNodes(3));
    }

    @Test
    void readsHowTheLoadGoesAndWhenTheWorkIsSaved() {
        var work = parse("{\"profile\": \"training_large\", \"checkpoint_interval\": 600, \"checkpoint_cost\": 2.5}")
                .work();

        assertThat(work)
                .isEqualTo(Work.lasting(60_000)
                        .withProfile(LoadProfile.TRAINING_LARGE)
                        .withCheckpoints(600_000, 2_500));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"profile\": \"busy\"} | profile",
                "{\"checkpoint_interval\": -1} | checkpoint_interval",
                "{\"checkpoint_interval\": 0.001} | checkpoint_interval",
                "{\"checkpoint_interval\": 0.999, \"checkpoint_cost\": 1} | checkpoint_interval",
                "{\"checkpoint_cost\": 5} | checkpoint_cost"
            })
    void saysWhatIsWrongWithThem(String body, String field) {
        assertThat(problem(body).field()).isEqualTo(field);
        assertThat(problem(body).status()).isEqualTo(422);
    }

    @Test
    void hasADefaultForEveryField() {
        assertThat(parse("{}")).isEqualTo(TaskSpec.of(GENERATED, GpuRequest.whole(1, 0), Work.lasting(60_000)));
    }

    @Test
    void nullIsAsGoodAsAbsent() {
        assertThat(parse("{\"gpus\": null, \"task_id\": null}")).isEqualTo(parse("{}"));
    }

    @ParameterizedTest
    @CsvSource({"0.5,1,500", "0.001,1,1", "1,1,1000", "1.0,1,1000", "2,2,1000", "0,0,0"})
    void readsGpus(String gpus, int count, int milli) {
        assertThat(parse("{\"gpus\": " + gpus + "}").gpus()).isEqualTo(new GpuRequest(count, milli, 0));
    }

    @Test
    void roundsMemoryUp() {
        assertThat(parse("{\"memory_required\": 0.0001}").gpus().memoryMib()).isEqualTo(1);
        assertThat(parse("{\"memory_required\": 16}").gpus().memoryMib()).isEqualTo(16_384);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'gpus': 1.5}             | gpus",
                "{'gpus': 0.0001}          | gpus",
                "{'gpus': -1}              | gpus",
                "{'gpus': 4097}            | gpus",
                "{'gpus': 0, 'memory_required': 1} | gpus",
                "{'gpus': 1e400}           | gpus",
                "{'memory_required': -1}   | memory_required",
                "{'duration': -5}          | duration",
                "{'duration': 1e12}        | duration",
                "{'duration': 1, 'duration_ms': 1000} | duration_ms",
                "{'memory_required': 1, 'gpu_memory_mib': 1024} | gpu_memory_mib",
                "{'priority': 'urgent'}    | priority",
                "{'user': ''}              | user",
                "{'pool': '/'}             | pool",
                "{'max_attempts': 0}       | max_attempts",
                "{'max_attempts': 1.5}     | max_attempts",
                "{'utilization': 1.1}      | utilization",
                "{'exit_code': 256}        | exit_code",
            })
    void refusesAValue(String body, String field) {
        var problem = problem(body.replace('\'', '"'));

        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors()).extracting(FieldError::field).containsExactly(field);
    }

    @ParameterizedTest
    @CsvSource({"priorty,priority", "memory,memory_required", "GPUS,gpus", "durations,duration", "taskid,task_id"})
    void suggestsTheFieldThatWasMeant(String typed, String meant) {
        var problem = problem("{\"" + typed + "\": 1}");

        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.detail()).contains("Did you mean " + meant + "?");
    }

    @Test
    void reportsAllErrorsAtOnce() {
        var problem = problem("{\"gpus\": -1, \"duration\": -1, \"colour\": \"red\"}");

        assertThat(problem.errors()).extracting(FieldError::field).containsExactly("colour", "gpus", "duration");
        assertThat(problem.detail()).endsWith("and 2 more, see errors");
    }

    @Test
    void reportsAtMostTwentyErrors() {
        var body = new StringBuilder("{");
        for (int i = 0; i < 100; i++) {
            body.append("\"field").append(i).append("\": 1, ");
        }
        body.append("\"gpus\": 1}");

        assertThat(problem(body.toString()).errors()).hasSize(20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{", "[]", "7", "''", "{'gpus': '2'}", "{'task_id': 7}", "{} {}", "{'gpus': 1, 'gpus': 2}"})
    void refusesWhatIsNoJsonObjectOrOfTheWrongType(String body) {
        assertThat(problem(body.replace('\'', '"')).status()).isEqualTo(400);
    }

    @Test
    void generatedIdsSortByTime() {
        assertThat(TaskIds.timeOrdered(1_000_000).value())
                .startsWith("task-")
                .isLessThan(TaskIds.timeOrdered(1_000_001).value());
    }

    @Test
    void anIdempotencyKeyIsOneId() {
        assertThat(TaskIds.of("key")).isEqualTo(new TaskId("idem-2c70e12b7a0646f92279f427"));
        assertThat(TaskIds.of("key")).isNotEqualTo(TaskIds.of("yek"));
    }
}
