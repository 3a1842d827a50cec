package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Updates two instances of the API behind a load balancer that, like a Kubernetes Service, sends requests only to
 * instances that report that they are ready.
 */
class RollingUpdateIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int CLIENTS = 4;

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final List<GpuctlProcess> processes = new ArrayList<>();
    private final List<Integer> endpoints = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private int kafkaPort;

    @BeforeEach
    void startBroker() throws IOException {
        kafkaPort = GpuctlProcess.freePort();
        start("broker", "--kafka-port", "" + kafkaPort, "--kafka-open").awaitOutput("ready in");
    }

    @AfterEach
    void stop() {
        ended.set(true);
        processes.forEach(GpuctlProcess::close);
    }

    private GpuctlProcess start(String service, String... args) throws IOException {
        var command = new ArrayList<>(List.of("run", service));
        command.addAll(List.of("--data", directory.resolve("data").toString()));
        command.addAll(List.of(args));
        var process =
                GpuctlProcess.start(Files.createTempFile(directory, service, ".out"), command.toArray(String[]::new));
        processes.add(process);
        return process;
    }

    private GpuctlProcess startApi(String name, int port) throws IOException {
        return start(
                "api", "--kafka", "127.0.0.1:" + kafkaPort, "--instance", name, "--port", "" + port, "--drain", "5s");
    }

    private boolean isReady(int port) throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(
                                                    URI.create("http://127.0.0.1:%d/health/ready".formatted(port)))
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException _) {
            return false;
        }
    }

    /** Submits tasks one after the other, each to the next instance that accepts requests. */
    private void submitUntilEnded() {
        for (int i = 0; !ended.get(); i++) {
            var now = List.copyOf(endpoints);
            int port = now.get(i % now.size());
            try {
                var answer = submit(port);
                if (answer.statusCode() == 201) {
                    accepted.incrementAndGet();
                } else {
                    refused.add(answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                refused.add(port + ": " + e);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private HttpResponse<String> submit(int port) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/tasks".formatted(port)))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"duration\": 1, \"allow_unknown\": true}"))
                        .build(),
                BodyHandlers.ofString());
    }

    private void awaitAccepted(int more) {
        int wanted = accepted.get() + more;
        await().atMost(PATIENCE).until(() -> accepted.get() >= wanted);
    }

    @Test
    void noSubmissionIsRefusedWhileAnInstanceLeaves() throws Exception {
        int staying = GpuctlProcess.freePort();
        int leaving = GpuctlProcess.freePort();
        startApi("api-0", staying);
        var left = startApi("api-1", leaving);
        await().atMost(PATIENCE).until(() -> isReady(staying) && isReady(leaving));
        endpoints.addAll(List.of(staying, leaving));
        for (int client = 0; client < CLIENTS; client++) {
            Thread.ofVirtual().start(this::submitUntilEnded);
        }
        awaitAccepted(50);

        left.terminate();
        await().atMost(PATIENCE).until(() -> !isReady(leaving));
        endpoints.removeIf(port -> port == leaving);
        assertThat(left.awaitExit()).isZero();
        awaitAccepted(50);
        ended.set(true);

        assertThat(refused).isEmpty();
    }
}
