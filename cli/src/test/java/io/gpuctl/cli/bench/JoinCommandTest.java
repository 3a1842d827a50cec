package io.gpuctl.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinCommandTest {
    private static final String RESULT = """
            {"format": "gpuctl-bench-suite-1", "version": "1", "commit": "c", "started_at": "2026-01-02T03:04:05Z",
             "machine": {"cpu": "x", "processors": 2, "memory_mib": 1, "kernel": "k", "jvm": "j"},
             "settings": {"nodes": 4, "rounds": 1, "seconds": 5, "is_quick": true},
             "measurements": {"ready": {"ready_s": [4.0]}}, "failures": []}
            """;

    @TempDir
    private Path directory;

    private Path first;
    private Path joined;

    @BeforeEach
    void write() throws IOException {
        first = write("first.json", RESULT);
        joined = directory.resolve("joined");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private CommandRun join(Path... files) {
        String[] args = new String[4 + files.length];
        args[0] = "bench";
        args[1] = "join";
        args[2] = "-o";
        args[3] = joined.toString();
        for (int file = 0; file < files.length; file++) {
            args[4 + file] = files[file].toString();
        }
        return CommandRun.local(args);
    }

    @Test
    void keepsTheRoundsOfAllFilesInTheirOrder() throws IOException {
        Path second = write(
                "second.json",
                RESULT.replace("[4.0]", "[6.0, 5.0], \"resident_mib\": [400]")
                        .replace("\"rounds\": 1", "\"rounds\": 2")
                        .replace("\"failures\": []", "\"failures\": [\"hop failed in round 1: cold\"]"));

        CommandRun run = join(first, second);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("written: %s/suite.json and %s/performance.md\n".formatted(joined, joined));
        assertThat(joined.resolve("suite.json"))
                .content()
                .contains("\"ready_s\" : [ 4.0, 6.0, 5.0 ]", "\"resident_mib\" : [ 400.0 ]", "\"rounds\" : 3")
                .contains("\"started_at\" : \"2026-01-02T03:04:05Z\"", "hop failed in round 1: cold");
        assertThat(joined.resolve("performance.md")).content().contains("| ready_s | 5 | 4 / 6 / 5 |", "rounds: 3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "commit": "c"     | "commit": "d"     | commit    | c and d.
            "version": "1"    | "version": "2"    | version   | 1 and 2.
            "processors": 2   | "processors": 3   | machine   | processors=3
            "seconds": 5      | "seconds": 6      | settings  | seconds=6
            """)
    void refusesResultsOfDifferentMeasurements(String field, String other, String name, String values)
            throws IOException {
        Path second = write("second.json", RESULT.replace(field, other));

        CommandRun run = join(first, second);

        assertThat(run.exitCode()).isOne();
        assertThat(run.err())
                .contains("first.json and", "second.json differ in %s, so".formatted(name))
                .contains(values);
        assertThat(joined).doesNotExist();
    }

    @Test
    void refusesOneFileTwice() {
        CommandRun run = join(first, first);

        assertThat(run.exitCode()).isOne();
        assertThat(run.err()).contains("A file is given twice");
        assertThat(joined).doesNotExist();
    }

    @Test
    void needsTwoFiles() {
        CommandRun run = join(first);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("FILE");
    }

    @Test
    void refusesADirectoryThatCannotBeWritten() throws IOException {
        Path second = write("second.json", RESULT);
        joined = first.resolve("below");

        CommandRun run = join(first, second);

        assertThat(run.exitCode()).isOne();
        assertThat(run.err()).contains("first.json/below cannot be written: ");
    }
}
