package io.gpuctl.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.StubApi;
import io.gpuctl.cli.StubApi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchSubmissionTest {
    private static final String TWO_SUBMITTED = """
            {"line":1,"status":201,"task_id":"a"}
            {"line":2,"status":201,"task_id":"b"}
            """;

    @TempDir
    private Path directory;

    private StubApi api;

    @BeforeEach
    void startApi() throws IOException {
        api = new StubApi();
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    private CommandRun submit(String tasks, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("tasks"), tasks);
        var args = new ArrayList<>(List.of("submit", "-f", file.toString()));
        args.addAll(List.of(more));
        return CommandRun.of(api.address(), args.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"task_id\":\"a\",\"gpus\":0.50}\n\n{\"task_id\":\"b\"}\n",
                "[{\"task_id\":\"a\",\"gpus\":0.50},\n {\"task_id\":\"b\"}]"
            })
    void submitsLinesAndArraysInOneRequest(String tasks) throws IOException {
        api.on("POST /tasks", Answer.of(200, TWO_SUBMITTED));

        var run = submit(tasks);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("a\nb\n");
        assertThat(run.err()).isEqualTo("2 tasks submitted, 0 refused\n");
        assertThat(api.requests())
                .containsExactly("POST /tasks {\"task_id\":\"a\",\"gpus\":0.50}\n{\"task_id\":\"b\"}");
    }

    @Test
    void sendsALongFileInParts() throws IOException {
        String answer = IntStream.rangeClosed(1, 1_000)
                .mapToObj("{\"line\":%1$d,\"status\":201,\"task_id\":\"t%1$d\"}"::formatted)
                .collect(Collectors.joining("\n"));
        api.on(
                "POST /tasks",
                Answer.of(200, answer),
                Answer.of(200, "{\"line\":1,\"status\":422,\"problem\":{\"detail\":\"no\"}}"));

        var run = submit("{}\n".repeat(1_001));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("gpuctl: task 1001: no\n1,000 tasks submitted, 1 refused\n");
        assertThat(api.requests()).hasSize(2);
    }

    @Test
    void sendsAPartAgainThatTheApiCouldNotTakeWhole() throws IOException {
        api.on("POST /tasks", Answer.of(200, TWO_SUBMITTED.replaceFirst("201", "503")), Answer.of(200, TWO_SUBMITTED));

        var run = submit("{\"task_id\":\"a\"}\n{\"task_id\":\"b\"}\n");

        assertThat(run.exitCode()).isZero();
        assertThat(api.requests()).hasSize(2).allMatch(api.requests().getFirst()::equals);
    }

    @Test
    void sendsAPartAgainAfterAFailureOfTheServer() throws IOException {
        api.on("POST /tasks", Answer.of(500, "{}"), Answer.of(200, TWO_SUBMITTED));

        var run = submit("{}\n{}\n");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo("2 tasks submitted, 0 refused\n");
        assertThat(api.requests()).hasSize(2).allMatch(api.requests().getFirst()::equals);
    }

    @Test
    void saysHowFarItCame() throws IOException {
        String answer = IntStream.rangeClosed(1, 1_000)
                .mapToObj("{\"line\":%1$d,\"status\":201,\"task_id\":\"t%1$d\"}"::formatted)
                .collect(Collectors.joining("\n"));
        api.on("POST /tasks", Answer.of(200, answer), Answer.of(403, "{\"title\":\"Not allowed\"}"));

        var run = submit("{}\n".repeat(1_001));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("1,000 tasks submitted, 0 refused, and then:", "Not allowed");
    }

    @Test
    void namesThePlaceOfWhatIsNotJson() throws IOException {
        var run = submit("{\"task_id\":\"a\"}\n{\"task_id\":\n");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("tasks is neither JSON Lines nor a JSON array: line 3", "ends too early");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void refusesOtherOptionsBesideAFile() throws IOException {
        var run = submit("{}", "--gpus", "2");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("leave out the other options");
    }

    @Test
    void namesAFileThatIsNotThere() {
        var run = CommandRun.of(
                api.address(), "submit", "-f", directory.resolve("absent").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("absent: no such file");
    }
}
