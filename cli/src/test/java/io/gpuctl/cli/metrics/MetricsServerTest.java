package io.gpuctl.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
    private final Health health = new Health(() -> "it waits for \"Kafka\"");
    private final MetricsServer server;

    MetricsServerTest() throws IOException {
        server = MetricsServer.start("127.0.0.1", 0, health);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String ask(String method, String path, String host) throws IOException {
        try (var socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.getOutputStream()
                    .write("%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(method, path, host)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void saysWhetherAndWhyNotItIsReady() throws IOException {
        assertThat(ask("GET", "/health/live", "localhost")).startsWith("HTTP/1.1 200 ");
        assertThat(ask("GET", "/health/ready", "localhost"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("{\"status\":\"DOWN\",\"checks\":[{\"name\":\"gpuctl\",\"status\":\"DOWN\",\"data\":"
                        + "{\"problem\":\"it waits for \\\"Kafka\\\"\"}}]}");

        health.setReady(true);
        assertThat(ask("GET", "/health/ready", "localhost"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("{\"status\":\"UP\",\"checks\":[{\"name\":\"gpuctl\",\"status\":\"UP\"}]}");
    }

    @Test
    void servesTheJvmsMetrics() throws IOException {
        assertThat(ask("GET", "/metrics", "127.0.0.1:1"))
                .startsWith("HTTP/1.1 200 ")
                .contains("jvm_memory_used_bytes{", "jvm_threads_live_threads ");
    }

    /** Tests DNS rebinding: the page's own host name resolves to this server. */
    @Test
    void answersForItsOwnNamesOnly() throws IOException {
        assertThat(ask("GET", "/metrics", "evil.example"))
                .startsWith("HTTP/1.1 421 ")
                .doesNotContain("jvm_");
    }

    @Test
    void nothingCanBeChangedThere() throws IOException {
        assertThat(ask("POST", "/metrics", "localhost"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET");
        assertThat(ask("GET", "/tasks", "localhost")).startsWith("HTTP/1.1 404 ");
    }
}
