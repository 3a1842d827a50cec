package io.gpuctl.cli;

import static io.gpuctl.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.Metric.Scope;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that Prometheus finds all metrics of the catalogue, and no other metrics of gpuctl. */
class MetricsIT {
    /** The suffixes that Micrometer adds to the name of a histogram. */
    private static final String SUFFIXES = "_(bucket|sum|count|max)$";

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                        .header("Accept", path.equals("/metrics") ? "text/plain" : "*/*")
                        .build(),
                BodyHandlers.ofString());
    }

    private String scrape(int port) throws IOException, InterruptedException {
        var answer = get(port, "/metrics");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static Set<String> ours(String text) {
        return text.lines()
                .filter(line -> line.startsWith("gpuctl_")
                        || line.startsWith("kafka_consumergroup_")
                        || line.startsWith("kafka_topic_"))
                .map(line -> line.replaceFirst("[{ ].*", ""))
                .map(name -> isCatalogued(name) ? name : name.replaceFirst(SUFFIXES, ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isCatalogued(String name) {
        return Stream.of(Metric.values())
                .anyMatch(metric -> metric.prometheusName().equals(name));
    }

    private static List<String> names(Scope... scopes) {
        return Stream.of(Metric.values())
                .filter(metric -> Set.of(scopes).contains(metric.scope()))
                .map(Metric::prometheusName)
                .toList();
    }

    private GpuctlProcess start(String... args) throws IOException {
        return GpuctlProcess.start(Files.createTempFile(directory, args[0], ".out"), args);
    }

    @Test
    void upServesAllOfTheCatalogueOnOnePage() throws Exception {
        int port = GpuctlProcess.freePort();
        try (var _ = start(
                        "up",
                        "--port",
                        "" + port,
                        "--data",
                        directory.resolve("data").toString(),
                        "--nodes",
                        "4")
                .awaitOutput("ready in")) {
            String server = "http://localhost:" + port;
            GpuctlProcess.run(directory, "submit", "--server", server, "--duration", "1s", "--wait");

            await().untilAsserted(() -> assertThat(ours(scrape(port)))
                    .containsAll(names(Scope.CLUSTER, Scope.SCHEDULER, Scope.PIPELINE, Scope.PROCESS)));

            String text = scrape(port);
            assertThat(ours(text)).allMatch(MetricsIT::isCatalogued);
            assertThat(text)
                    .contains(
                            "gpuctl_nodes{pool=\"default\",health=\"healthy\",} 4.0",
                            "gpuctl_nodes{pool=\"default\",health=\"lost\",} 0.0",
                            "gpuctl_pools_without_owner 0.0",
                            "gpuctl_instance_active{service=\"orchestrator\",} 1.0",
                            "gpuctl_instance_active{service=\"simulator\",} 1.0",
                            "gpuctl_instance_active{service=\"api\",} 1.0",
                            "gpuctl_placements_total{pool=\"default\",} 1.0",
                            "gpuctl_submission_to_placement_seconds_count{pool=\"default\",} 1.0",
                            "gpuctl_submission_to_placement_seconds_bucket{pool=\"default\",le=\"60.0\",} 1.0")
                    .containsPattern("kafka_server_replicamanager_underreplicatedpartitions 0\\.0")
                    .containsPattern("kafka_controller_kafkacontroller_activecontrollercount 1\\.0")
                    .containsPattern("kafka_stream_[a-z_]+\\{[^}]*gpuctl-views")
                    .containsPattern("kafka_stream_[a-z_]+\\{[^}]*gpuctl-orchestrator")
                    .contains("kafka_producer_record_send_total", "jvm_memory_used_bytes", "process_cpu_usage");
            assertThat(text.lines().filter(line -> line.startsWith("# TYPE ")))
                    .as("each metric is named once")
                    .doesNotHaveDuplicates();
            checkByPromtool(text);
        }
    }

    /** Checks the names, types and help texts of gpuctl's metrics with Prometheus' own tool, if it is installed. */
    private void checkByPromtool(String text) throws IOException, InterruptedException {
        String ours = text.lines()
                        .filter(line -> line.matches("(# (HELP|TYPE) )?gpuctl_.*"))
                        .collect(Collectors.joining("\n"))
                + "\n";
        Path file = Files.writeString(directory.resolve("ours.txt"), ours);
        Path output = directory.resolve("promtool.out");
        Process promtool;
        try {
            promtool = new ProcessBuilder("promtool", "check", "metrics")
                    .redirectInput(file.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException _) {
            return; // The tool is not installed.
        }
        assertThat(promtool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output)).isEmpty();
    }

    @Test
    void everyServiceIsLookedAtOnAPortOfItsOwn() throws Exception {
        int kafkaPort = GpuctlProcess.freePort();
        int brokerPort = GpuctlProcess.freePort();
        int orchestratorPort = GpuctlProcess.freePort();
        int simulatorPort = GpuctlProcess.freePort();
        String data = directory.resolve("data").toString();
        String kafka = "127.0.0.1:" + kafkaPort;
        try (var _ = start(
                                "run",
                                "broker",
                                "--data",
                                data,
                                "--kafka-port",
                                "" + kafkaPort,
                                "--kafka-open",
                                "--metrics-port",
                                "" + brokerPort)
                        .awaitOutput("ready in");
                var orchestrator = start(
                        "run",
                        "orchestrator",
                        "--data",
                        data,
                        "--kafka",
                        kafka,
                        "--instance",
                        "o",
                        "--metrics-port",
                        "" + orchestratorPort);
                var simulator = start(
                        "run",
                        "simulator",
                        "--data",
                        data,
                        "--kafka",
                        kafka,
                        "--instance",
                        "s",
                        "--nodes",
                        "4",
                        "--metrics-port",
                        "" + simulatorPort)) {
            orchestrator.awaitOutput("metrics http://127.0.0.1:%d/metrics".formatted(orchestratorPort));
            simulator.awaitOutput("ready in");

            assertThat(scrape(brokerPort))
                    .contains("kafka_server_brokertopicmetrics_messagesin_total", "jvm_memory_used_bytes")
                    .contains("gpuctl_build_info", "gpuctl_dead_letters_total{topic=\"task-commands\",} 0.0");
            await().untilAsserted(
                            () -> assertThat(ours(scrape(orchestratorPort))).containsAll(names(Scope.SCHEDULER)));
            await().untilAsserted(() ->
                    assertThat(scrape(simulatorPort)).contains("gpuctl_simulator_nodes 4.0", "kafka_producer_"));
            for (int port : List.of(brokerPort, orchestratorPort, simulatorPort)) {
                assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
                assertThat(get(port, "/health/ready").statusCode()).isEqualTo(200);
                assertThat(ours(scrape(port))).allMatch(MetricsIT::isCatalogued);
                assertThat(get(port, "/else").statusCode()).isEqualTo(404);
            }
        }
    }
}
