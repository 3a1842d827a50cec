package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.ReaderVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureHandlerTest {

    private static String said(Throwable failure) {
        var err = new StringWriter();
        FailureHandler.say(failure, new PrintWriter(err));
        return err.toString();
    }

    private static Stream<Arguments> whatTheMachineFailsUsWith() {
        return Stream.of(
                Arguments.of(new IOException("No space left on device"), "No space left on device"),
                Arguments.of(
                        new UncheckedIOException(new FileSystemException("/data/x", null, "Too many open files")),
                        "/data/x: Too many open files"),
                Arguments.of(
                        new IllegalStateException("the run failed", new AccessDeniedException("/data/x")),
                        "/data/x: access denied"),
                Arguments.of(
                        new IllegalStateException(new InvalidFieldException("policy.weights", "temp", "one of power")),
                        "policy.weights is temp, but must be one of power"),
                Arguments.of(
                        new TimeoutException("Timeout expired while fetching metadata"),
                        "Kafka cannot be used: Timeout expired while fetching metadata"),
                Arguments.of(new IllegalStateException(new NoSuchFileException("/x")), "/x: no such file"),
                Arguments.of(
                        new IllegalStateException(new NewerLogError(new ReaderVersion(1_000))),
                        new NewerLogError(new ReaderVersion(1_000)).sentence()),
                Arguments.of(new IOException("a\u001b[2Jb"), "a\\u001b[2Jb"));
    }

    @ParameterizedTest
    @MethodSource("whatTheMachineFailsUsWith")
    void saysInALineWhatTheMachineFailedUsWith(Exception failure, String line) {
        assertThat(said(failure)).isEqualTo("gpuctl: " + line + System.lineSeparator());
    }

    @Test
    void saysInALineThatTheMemoryIsNotEnough() {
        assertThat(said(new IllegalStateException(new OutOfMemoryError("Java heap space")))
                        .lines())
                .singleElement()
                .asString()
                .contains("-Xmx");
    }

    @Test
    void tellsAllThatHelpsToMendAFaultOfOurs() {
        assertThat(said(new IllegalStateException("impossible"))).contains("impossible", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "1e99999999999", "1e-100000000", "0x1p3"})
    void optionsTakeNumbersThatCanBeComputedWith(String number) {
        for (String[] command : new String[][] {
            {"submit", "--utilization", number},
            {"submit", "--gpus", number},
            {"fault", "inject", "n", "--factor", number},
            {"gpus", "--ambient", number},
        }) {
            var run = CommandRun.local(command);

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .startsWith("gpuctl: Invalid value for option '" + command[command.length - 2] + "'")
                    .contains("'" + number + "' is not a number");
        }
    }
}
