package io.gpuctl.cli;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.cli.grafana.Dashboards;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/** A real Prometheus with our configuration and rules, in a process of its own. */
final class PrometheusServer implements AutoCloseable {

    private static final Path CONFIGURATION = Dashboards.GRAFANA.resolve("prometheus");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The scrape interval: shorter than the usual 15 seconds, so that a test does not wait long. */
    private static final String INTERVAL = "2s";

    private static final Duration STEP = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path output;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    private PrometheusServer(Process process, Path output, String url) {
        this.process = process;
        this.output = output;
        this.url = url;
    }

    static boolean isInstalled() {
        try {
            return new ProcessBuilder("prometheus", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Starts a server that scrapes the cluster at this port, and waits until the server is ready. */
    static PrometheusServer start(Path directory, int clusterPort) throws IOException {
        String configuration = Files.readString(CONFIGURATION.resolve("prometheus.yml"))
                .replace("localhost:8080", "localhost:" + clusterPort)
                .replace("rules/*.yml", CONFIGURATION.toRealPath() + "/rules/*.yml")
                .replaceAll(
                        "(scrape_interval|scrape_timeout|evaluation_interval|refresh_interval): \\w+",
                        "$1: " + INTERVAL);
        Path file = Files.writeString(directory.resolve("prometheus.yml"), configuration);
        int port = GpuctlProcess.freePort();
        Path output = directory.resolve("prometheus.out");
        var process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + directory.resolve("prometheus"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        var server = new PrometheusServer(process, output, "http://127.0.0.1:" + port);
        await().atMost(PATIENCE).until(server::isReady);
        return server;
    }

    private boolean isReady() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + process.exitValue() + ": " + Files.readString(output));
        }
        try {
            var request = HttpRequest.newBuilder(URI.create(url + "/-/ready")).build();
            return http.send(request, BodyHandlers.ofString()).statusCode() == 200;
        } catch (ConnectException _) {
            return false;
        }
    }

    /** Returns the present answer to an expression: its series, each with labels ({@code metric}). */
    JsonNode query(String expression) {
        return post("/api/v1/query", Map.of("query", expression)).path("result");
    }

    /**
     * Returns the answer from {@code from} until now. The last step is now: otherwise no step would include the newest
     * samples.
     */
    JsonNode queryRange(String expression, Instant from) {
        Instant now = Instant.now();
        long steps = 1 + Duration.between(from, now).dividedBy(STEP);
        return post(
                        "/api/v1/query_range",
                        Map.of(
                                "query",
                                expression,
                                "start",
                                now.minus(STEP.multipliedBy(steps)).toString(),
                                "end",
                                now.toString(),
                                "step",
                                Long.toString(STEP.toSeconds())))
                .path("result");
    }

    /** Returns the values of a label of these series. */
    JsonNode labelValues(String series, String label) {
        return get("/api/v1/label/%s/values?match[]=".formatted(label) + encoded(series));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode post(String path, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    private JsonNode get(String path) {
        return send(HttpRequest.newBuilder(URI.create(url + path.replace("[]", "%5B%5D"))));
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            JsonNode answer = JSON.readTree(
                    http.send(request.build(), BodyHandlers.ofString()).body());
            if (!answer.path("status").asText().equals("success")) {
                throw new AssertionError(answer.path("error").asText());
            }
            return answer.path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        http.close();
        process.destroyForcibly();
    }
}
