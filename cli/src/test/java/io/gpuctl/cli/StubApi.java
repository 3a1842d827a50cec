package io.gpuctl.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An HTTP server that gives prepared answers in order, and repeats the last answer of a route. */
public final class StubApi implements AutoCloseable {

    /** An answer. */
    public record Answer(int status, String body, Map<String, String> headers) {
        public static Answer of(int status, String body) {
            return new Answer(status, body, Map.of());
        }
    }

    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new TreeMap<>();
    private final List<String> requests = new ArrayList<>();

    public StubApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Sets the answers to a route, such as "GET /tasks". */
    public synchronized StubApi on(String route, Answer... given) {
        answers.put(route, new ArrayDeque<>(List.of(given)));
        return this;
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String route = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add((route + " " + body).strip());
            Deque<Answer> queue = answers.getOrDefault(route, new ArrayDeque<>());
            Answer answer = queue.size() > 1 ? queue.poll() : queue.peek();
            Answer sent = answer == null
                    ? Answer.of(404, "{\"title\":\"no such route\",\"detail\":\"" + route + "\"}")
                    : answer;
            sent.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = sent.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(sent.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Returns the received requests, with their bodies. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
