package io.gpuctl.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuiteCommandTest {
    @TempDir
    private Path directory;

    private CommandRun suite(String... more) {
        List<String> args = new ArrayList<>(List.of("bench", "suite", "-o", directory.toString()));
        args.addAll(List.of(more));
        return CommandRun.local(args.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "--rounds, 0, --rounds is 0 but must be from 1 to 20",
        "--rounds, 21, --rounds is 21 but must be from 1 to 20",
        "--nodes, 0, --nodes is 0 but must be from 1 to 20000",
        "--seconds, 3601, --seconds is 3601 but must be from 1 to 3600"
    })
    void refusesANumberOutOfRange(String option, String value, String problem) {
        CommandRun run = suite(option, value);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(problem.replace(" but", ", but"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesAMeasurementThatDoesNotExist() {
        CommandRun run = suite("--only", "ready,speed");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--only is 'speed', but must be some of ready, cpu-800, hop-800");
    }

    @Test
    void needsADirectory() {
        CommandRun run = CommandRun.local("bench", "suite");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--output=DIR");
    }

    @Test
    void listsTheMeasurements() {
        assertThat(CommandRun.local("bench", "suite", "--help").out()).contains("first-minute-busy", "cpu-800");
    }
}
