package io.gpuctl.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gpuctl.api.access.AllowedHosts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code /metrics}, {@code /health/live} and {@code /health/ready} for a process that has no API. The server
 * answers two requests at a time, and aborts requests that take longer than some seconds to arrive.
 */
public final class MetricsServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    static {
        // The server has no other way to set these limits; it reads them when the first instance is created.
        System.setProperty("jdk.httpserver.maxConnections", "50");
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
    }

    private final HttpServer server;
    private final Health health;
    private final ProcessRegistry registry = new ProcessRegistry();
    private final @Nullable AllowedHosts allowedHosts;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("gpuctl-metrics-", 0).factory());

    private MetricsServer(HttpServer server, Health health) {
        this.server = server;
        this.health = health;
        // A server that listens for other machines is reached under host names that are not known here.
        boolean isLocal = server.getAddress().getAddress().isLoopbackAddress();
        allowedHosts = isLocal ? new AllowedHosts(List.of()) : null;
    }

    /**
     * Starts a server.
     *
     * @param port 0 for a free port
     * @throws IOException if the server cannot listen on the port
     */
    public static MetricsServer start(String host, int port, Health health) throws IOException {
        var server = new MetricsServer(HttpServer.create(new InetSocketAddress(host, port), BACKLOG), health);
        server.server.createContext("/", server::answer);
        server.server.setExecutor(server.threads);
        server.server.start();
        return server;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isForUs(exchange)) {
                send(exchange, 421, TEXT, "This server answers requests for localhost only.\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                send(exchange, 405, TEXT, "Only GET is allowed here.\n");
            } else {
                answer(exchange, exchange.getRequestURI().getPath());
            }
        }
    }

    /**
     * Protects against DNS rebinding: a web page whose own host name resolves to this server must not read its answers.
     * See {@link AllowedHosts}.
     */
    private boolean isForUs(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return allowedHosts == null
                || host == null
                || AllowedHosts.nameIn(host)
                        .map(name -> allowedHosts.allows(
                                name, exchange.getLocalAddress().getAddress().getHostAddress()))
                        .orElse(false);
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        switch (path) {
            case "/metrics" -> {
                String type =
                        ProcessRegistry.contentType(exchange.getRequestHeaders().getFirst("Accept"));
                send(exchange, 200, type, registry.scrape(type));
            }
            case "/health/live" -> send(exchange, 200, JSON, Health.ALIVE);
            case "/health/ready" -> send(exchange, health.isReady() ? 200 : 503, JSON, health.readiness());
            default -> send(exchange, 404, TEXT, "There are /metrics, /health/live and /health/ready here.\n");
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        registry.close();
    }
}
