package io.gpuctl.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    @TempDir
    private Path directory;

    private Path result(String name, String measurements) throws IOException {
        return Files.writeString(directory.resolve(name), """
                {"format": "gpuctl-bench-suite-1", "version": "1", "commit": "c", "started_at": "2026-01-02T03:04:05Z",
                 "machine": {"cpu": "x", "processors": 2, "memory_mib": 1, "kernel": "k", "jvm": "j"},
                 "settings": {"nodes": 4, "rounds": 3, "seconds": 5, "is_quick": true},
                 "measurements": %s, "failures": []}
                """.formatted(measurements));
    }

    private CommandRun compare(Path before, Path after, String... more) {
        String[] args = new String[4 + more.length];
        args[0] = "bench";
        args[1] = "compare";
        args[2] = before.toString();
        args[3] = after.toString();
        System.arraycopy(more, 0, args, 4, more.length);
        return CommandRun.local(args);
    }

    private Path before() throws IOException {
        return result("before.json", """
                {"ready": {"ready_s": [4.0, 5.0, 4.5], "resident_mib": [400, 400]}, "hop": {"missing_records": [0], "p50_ms": [1]}}
                """);
    }

    private Path after() throws IOException {
        return result("after.json", """
                {"ready": {"ready_s": [2.5, 2.0, 2.25], "resident_mib": [400]}, "hop": {"missing_records": [3]}}
                """);
    }

    @Test
    void printsBothMediansAndTheRatioOfEachCommonFigure() throws IOException {
        CommandRun run = compare(before(), after());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern("(?m)^MEASUREMENT +FIGURE +A +B +B/A +BEYOND SPREAD$")
                .containsPattern("(?m)^ready +ready_s +4\\.50 +2\\.25 +0\\.500 +yes$")
                .containsPattern("(?m)^ready +resident_mib +400 +400 +1 +no$")
                .containsPattern("(?m)^hop +missing_records +0 +3 +- +-$")
                .doesNotContain("p50_ms");
    }

    @Test
    void printsADocumentForPrograms() throws IOException {
        CommandRun run = compare(before(), after(), "-o", "json");

        assertThat(run.out())
                .contains("\"measurement\" : \"ready\"", "\"figure\" : \"ready_s\"", "\"a\" : 4.5", "\"b\" : 2.25")
                .contains("\"ratio\" : 0.5", "\"exceeds_spread\" : true")
                .contains("\"ratio\" : null", "\"exceeds_spread\" : null");
    }

    @Test
    void refusesAForeignFile() throws IOException {
        Path foreign = Files.writeString(directory.resolve("foreign.json"), "{}");

        CommandRun run = compare(before(), foreign);

        assertThat(run.exitCode()).isOne();
        assertThat(run.err()).contains("foreign.json is no suite.json of gpuctl bench suite: its format is not");
    }

    @Test
    void refusesAFileThatDoesNotExist() throws IOException {
        CommandRun run = compare(directory.resolve("absent.json"), after());

        assertThat(run.exitCode()).isOne();
        assertThat(run.err()).contains("There is no file", "absent.json");
    }

    @Test
    void refusesResultsWithoutACommonFigure() throws IOException {
        CommandRun run = compare(before(), result("other.json", "{\"reads\": {\"task_per_s\": [1]}}"));

        assertThat(run.exitCode()).isOne();
        assertThat(run.err()).contains("have no figure in common");
    }
}
