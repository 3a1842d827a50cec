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
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskRequestTest {

    private static final TaskId GENERATED = new TaskId("generated");

    private static TaskSpec parse(String body) {
        return TaskRequest.parse(body.getBytes(StandardCharsets.UTF_8), () -> GENERATED)
                .task();
    }

    private static Problem problem(String body) {
        return catchThrowableOfType(ProblemException.class, () -> parse(body)).problem();
    }

    @Test
    void showsANumberAsItWasGiven() {
        assertThat(problem("{\"utilization\": 90.0}").detail()).startsWith("utilization is 90.0, but");
        assertThat(problem("{\"gpus\": 10.50}").detail()).startsWith("gpus is 10.50, but");
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

    /**
     * These numbers must be refused without calculating with them: otherwise the test would not end, or run out of
     * memory.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e-10000000",
                "1e-100000000",
                "1e-2147483647",
                "1e-2147483648",
                "-1e100000000",
                "1e99999999999",
                "1E+00000000000000000001000000000",
                "0e-100000000",
                "1.5e2147483647"
            })
    void refusesANumberThatCannotBeComputedWith(String number) {
        for (String field :
                List.of("gpus", "duration", "duration_ms", "memory_required", "utilization", "checkpoint_interval")) {
            var problem = problem("{\"pool\": \"one\", \"%s\": %s}".formatted(field, number));

            assertThat(problem.status()).isEqualTo(422);
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.detail())
                    .startsWith("line 1, column ")
                    .endsWith(field + " is " + number
                            + ", but must be a number of at most 100 digits, with an exponent from -400 to 400");
        }
    }

    @Test
    void refusesSuchANumberWhereverItStands() {
        assertThat(problem("{\"a\": [[1, {\"b\": 1e-2147483648}]]}").field()).isEqualTo("a[0][1].b");
    }

    @Test
    void takesTheNumbersThatProgramsWrite() {
        assertThat(parse("{\"utilization\": 4.9E-324}").work().utilization()).isEqualTo(4.9E-324);
        assertThat(parse("{\"duration\": 0.30000000000000004}").work().durationMs())
                .isEqualTo(300);
        assertThat(parse("{\"duration\": 1e+05}").work().durationMs()).isEqualTo(100_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "0.1"})
    void cutsALongNumber(String begin) {
        var problem = problem("{\"duration\": " + begin + "1".repeat(2_000) + "}");

        assertThat(problem.status()).isBetween(400, 422);
        assertThat(problem.detail()).contains("line 1, column").hasSizeLessThan(500);
    }

    @Test
    void saysWhereTheNestingIsTooDeep() {
        assertThat(problem("{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}")
                        .detail())
                .isEqualTo("The body is not JSON: line 1, column 106: more than 100 levels of nesting");
    }

    @Test
    void saysWhereANameIsTooLong() {
        var problem = problem("{\"" + "a".repeat(50_000) + "\": 1}");

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).contains("line 1, column").endsWith("a name of more than 1000 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1|line 1, column 7: it ends too early: an object, an array or a text is not closed",
                "{\"a\" 1}|line 1, column 6: Unexpected character ('1' (code 49)): was expecting a colon",
                "{\"duration\": 1} {}|line 1, column 17: more follows the first value",
                "{\"duration\": 1, \"duration\": 2}|line 1, column 27: Duplicate field 'duration'"
            })
    void saysInItsOwnWordsWhereTheBodyIsNoJson(String body, String words) {
        assertThat(problem(body).detail())
                .startsWith("The body is not JSON: " + words)
                .doesNotContain("Source:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cut \\ud83d",
                "\\udc00 cut",
                "\\ud83dx",
                "a\\u0000b",
                "a\\u001b[2J",
                "a\\u009b2J",
                "a\\nb",
                "a\\u007f"
            })
    void refusesTextThatHasNoUtf8FormOrSteersATerminal(String user) {
        for (String field : List.of("user", "task_id", "priority", "unknown")) {
            var problem = problem("{\"%s\": \"%s\"}".formatted(field, user));

            assertThat(problem.status()).isEqualTo(422);
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.detail())
                    .startsWith("line 1, column ")
                    .endsWith("but must be text without control characters and unpaired surrogates")
                    .matches("\\P{Cntrl}*");
        }
        assertThat(problem("{\"%s\": 1}".formatted(user)).status()).isEqualTo(422);
        assertThat(problem("{\"gpu_models\": [\"A\", \"%s\"]}".formatted(user)).field())
                .isEqualTo("gpu_models[1]");
    }

    @Test
    void takesTextOfAnyLanguage() {
        assertThat(parse("{\"user\": \"Zoë 李 \\ud83d\\ude00 😀\"}").user()).isEqualTo("Zoë 李 😀 😀");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0af", "e080af", "eda0bd", "f7bfbfbf", "ff", "c3", "80"})
    void refusesBytesThatAreNotUtf8(String hex) {
        byte[] body = HexFormat.of()
                .parseHex(HexFormat.of().formatHex("{\n\"user\":\"".getBytes(StandardCharsets.UTF_8)) + hex + "227d");

        var problem = catchThrowableOfType(ProblemException.class, () -> TaskRequest.parse(body, () -> GENERATED))
                .problem();

        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.detail())
                .startsWith("line 2, column 9: the document is not UTF-8 (byte 0x" + hex.substring(0, 2));
    }

    @Test
    void neverCutsACharacterInTwo() {
        String value = "a".repeat(199) + "😀".repeat(100);

        assertThat(problem("{\"priority\": \"" + value + "\"}").value().textValue())
                .isEqualTo("a".repeat(199) + "...");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "Schlüssel", "a\u0000b", "a\tb"})
    void refusesAKeyThatAProxyMayWriteOtherwise(String key) {
        var problem = catchThrowableOfType(ProblemException.class, () -> TaskIds.of(key))
                .problem();

        assertThat(problem.field()).isEqualTo("Idempotency-Key");
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
