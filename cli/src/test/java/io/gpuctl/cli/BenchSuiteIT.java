package io.gpuctl.cli;

import static io.gpuctl.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite of benchmarks, as a user starts it, with few nodes and short measurements. */
class BenchSuiteIT {

    @TempDir
    private Path directory;

    @Test
    void measuresOnItsOwnClustersAndWritesBothFiles() throws Exception {
        Path out = directory.resolve("out");

        CommandRun run = GpuctlProcess.run(
                directory,
                "bench",
                "suite",
                "-o",
                out.toString(),
                "--quick",
                "--nodes",
                "4",
                "--seconds",
                "2",
                "--only",
                "first-minute,hop,reads");

        assertThat(run.exitCode()).as(run.out()).isZero();
        JsonNode result = new ObjectMapper().readTree(out.resolve("suite.json").toFile());
        assertThat(result.at("/settings/nodes").asInt()).isEqualTo(4);
        assertThat(result.path("measurements").fieldNames())
                .toIterable()
                .containsExactly("first-minute", "hop", "reads");
        assertThat(figure(result, "/first-minute/placed_p50_ms")).isPositive();
        assertThat(figure(result, "/first-minute/cluster_cpu_ms_a_task")).isPositive();
        assertThat(figure(result, "/first-minute/load_cpu_ms_a_task")).isPositive();
        assertThat(figure(result, "/hop/missing_records")).isZero();
        assertThat(figure(result, "/hop/p50_ms")).isPositive();
        assertThat(figure(result, "/reads/task_per_s")).isPositive();
        assertThat(figure(result, "/reads/task_failures")).isZero();
        assertThat(figure(result, "/reads/node_failures")).isZero();
        assertThat(figure(result, "/reads/metrics_failures")).isZero();
        assertThat(out.resolve("performance.md"))
                .content()
                .contains(
                        "## Ratios",
                        "| placed p50 / bare hop p50 |",
                        "| GET /tasks/{id} / static answer |",
                        "## reads");
        assertThat(out)
                .as("the data of the clusters is gone")
                .isDirectoryNotContaining(path -> path.endsWith("bench-suite-data"));

        CommandRun compared = CommandRun.local(
                "bench",
                "compare",
                out.resolve("suite.json").toString(),
                out.resolve("suite.json").toString());
        assertThat(compared.exitCode()).isZero();
        assertThat(compared.out().lines().skip(1)).isNotEmpty().allMatch(line -> line.endsWith(" -"));
    }

    @Test
    void aSignalEndsTheClustersAndDeletesTheirData() throws Exception {
        Path out = directory.resolve("out");
        Path data = out.resolve("bench-suite-data");
        try (var process = GpuctlProcess.start(
                directory.resolve("suite.out"),
                "bench",
                "suite",
                "-o",
                out.toString(),
                "--quick",
                "--nodes",
                "4",
                "--only",
                "ready,telemetry")) {
            process.awaitOutput("round 1 of 1: telemetry");
            await().until(() -> Files.exists(data.resolve("up-2")));

            process.terminate();

            assertThat(process.awaitExit()).isEqualTo(143);
            assertThat(process.output()).doesNotContain("failed");
        }
        assertThat(data).doesNotExist();
        JsonNode result = new ObjectMapper().readTree(out.resolve("suite.json").toFile());
        assertThat(figure(result, "/ready/ready_s")).isPositive();
        assertThat(result.path("failures")).isEmpty();
    }

    private static double figure(JsonNode result, String path) {
        return result.path("measurements").at(path).path(0).asDouble(Double.NaN);
    }
}
