package io.gpuctl.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.cli.CommandRun;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Loads the runs of two policies of an experiment into a real Prometheus, as docs/past-runs.md describes. */
@Timeout(180)
class PastInPrometheusIT {
    private static final long START_SECONDS =
            Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Process prometheus;
    private int port;

    @BeforeEach
    void requirePrometheus() {
        assumeTrue(
                isInstalled("prometheus") && isInstalled("promtool"),
                "Prometheus is not installed (Debian's package is prometheus)");
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (prometheus != null) {
            prometheus.destroy();
            prometheus.waitFor();
        }
    }

    @Test
    void twoPoliciesStandSideBySide() throws Exception {
        for (Path past : pasts()) {
            createBlocks(past);
        }
        start();

        assertThat(ask("sum by (policy) (gpuctl_gpus)")).isEqualTo("{fifo=16, intelligent=16}");
        assertThat(ask("count by (policy) (count by (policy, instance) (DCGM_FI_DEV_GPU_TEMP))"))
                .isEqualTo("{fifo=4, intelligent=4}");
        assertThat(ask("count by (policy) (rate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION[5m]) > 0)"))
                .isEqualTo("{fifo=16, intelligent=16}");
        assertThat(ask("count by (policy) (gpuctl_pool_info * on (policy, seed, pool) gpuctl_gpus)"))
                .isEqualTo("{fifo=1, intelligent=1}");
        assertThat(ask("sum by (policy) (last_over_time(gpuctl_tasks_ended_total[1d]))"))
                .isEqualTo("{fifo=40, intelligent=40}");
    }

    private List<Path> pasts() throws IOException {
        Path file = Files.writeString(directory.resolve("hot.yaml"), """
                name: hot
                kind: trace
                cluster: {nodes: 4, gpus_per_node: 4, gpu_model: H100-SXM5-80GB}
                workload: {synthetic: {tasks: 40, durations: {median: 20m, sigma: 1, max: 2h}, gpus: {1: 0.5, 4: 0.5}}}
                policies: [fifo, intelligent]
                loads: [0.9]
                seeds: 7..7
                telemetry: 10s
                metrics: [jct_mean_s]
                """);
        CommandRun run = CommandRun.local(
                "experiment",
                "run",
                file.toString(),
                "-o",
                directory.resolve("out").toString(),
                "--openmetrics");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("Metrics of 2 runs in", "from 2026-01-01T00:00:00Z to");
        try (Stream<Path> files = Files.list(directory.resolve("out/openmetrics"))) {
            return files.filter(one -> one.toString().endsWith(".om")).sorted().toList();
        }
    }

    private void createBlocks(Path past) throws Exception {
        Process promtool = new ProcessBuilder(
                        "promtool",
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        past.toString(),
                        directory.resolve("data").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }

    private void start() throws IOException {
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path config = Files.writeString(directory.resolve("prometheus.yml"), "global: {}\n");
        prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--storage.tsdb.retention.time=100y",
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(60)).until(() -> get("/-/ready").equals("Prometheus Server is Ready.\n"));
    }

    private String get(String path) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Returns the answers half an hour after the runs began, by policy. */
    private String ask(String expression) throws Exception {
        String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        JsonNode answer = JSON.readTree(get("/api/v1/query?query=%s&time=%d"
                .formatted(query, START_SECONDS + (expression.contains("1d") ? 86_000 : 1_800))));
        SortedMap<String, String> values = new TreeMap<>();
        for (JsonNode series : answer.at("/data/result")) {
            values.put(
                    series.at("/metric/policy").asText(), series.at("/value/1").asText());
        }
        return values.toString();
    }
}
