package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.StubApi.Answer;
import io.gpuctl.cli.output.StandardOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FailedOutputTest {

    private static final String NO_SPACE = "No space left on device";

    /** Runs a command as {@code main} does, with an stdout that refuses every write. */
    private static CommandRun run(String failure, String... args) {
        var err = new StringWriter();
        var stdout = new StandardOutput(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(failure);
            }
        });
        int exitCode = Gpuctl.run(Gpuctl.commandLine().setOut(stdout.writer()).setErr(new PrintWriter(err)), args);
        return new CommandRun(exitCode, "", err.toString());
    }

    private static Stream<String> commands() {
        return withSubcommands(Gpuctl.commandLine());
    }

    private static Stream<String> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command.getCommandSpec().qualifiedName()),
                command.getSubcommands().values().stream().flatMap(FailedOutputTest::withSubcommands));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noCommandTakesAFullDiskForAnAnswer(String command) {
        var run = run(NO_SPACE, (command + " --help").split(" ", 2)[1].split(" "));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("gpuctl: The output cannot be written: " + NO_SPACE + System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(strings = {"get tasks", "get tasks -o json", "get tasks --watch", "get tasks --watch -o yaml"})
    @Timeout(30)
    void aFullDiskEndsAListingAndAWatch(String command) throws IOException {
        try (var api = new StubApi()) {
            api.on("GET /tasks?limit=1000", Answer.of(200, "{\"tasks\":[{\"task_id\":\"t1\",\"state\":\"queued\"}]}"));

            var run = run(NO_SPACE, (command + " --server " + api.address()).split(" "));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).hasLineCount(1).contains(NO_SPACE);
        }
    }

    @Test
    void aReaderThatWentAwayEndsTheCommandInSilence() {
        var run = run("Broken pipe", "gpus");

        assertThat(run.exitCode()).isEqualTo(ExitCodes.READER_GONE);
        assertThat(run.err()).isEmpty();
    }
}
