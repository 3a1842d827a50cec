package io.gpuctl.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gpuctl.cli.CommandFailedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A client of the API that turns failures into sentences. While the service answers 503, the client retries for a
 * limited time. May be used by several threads.
 */
public final class ApiClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** The timeout of a request: longer than the API's own longest wait. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    /** The time to wait for a service that is starting or rebalancing. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final URI server;
    private final HttpClient http;

    public ApiClient(URI server) {
        this.server = server;
        // An upgrade to HTTP/2 would add a header to each first request; no server here supports HTTP/2.
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /**
     * A path below the server's address, with parameters.
     *
     * @param path the path, with its identifiers {@linkplain #segment encoded}
     */
    public record Query(String path, Map<String, String> parameters) {

        public static Query of(String path) {
            return new Query(path, Map.of());
        }

        private String toText() {
            StringBuilder text = new StringBuilder(path);
            parameters.forEach((name, value) -> text.append(text.indexOf("?") < 0 ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(encode(value)));
            return text.toString();
        }
    }

    /** Returns an identifier encoded as a part of a path. */
    public static String segment(String identifier) {
        return encode(identifier).replace("+", "%20");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Returns the document at a path.
     *
     * @throws ApiProblemException if the service refuses the request
     * @throws CommandFailedException if the service cannot be reached
     */
    public JsonNode get(Query query) {
        return send(request(query).GET().build());
    }

    /**
     * Posts a document; throws as {@link #get} does. The request must be idempotent: it is sent again while the service
     * is not ready.
     */
    public JsonNode post(Query query, JsonNode body, Map<String, String> headers) {
        HttpRequest.Builder request = request(query).header("Content-Type", "application/json");
        headers.forEach(request::header);
        return send(request.POST(BodyPublishers.ofString(body.toString())).build());
    }

    /**
     * Submits tasks, and returns the outcome of each, in the order of the batch; throws as {@link #get} does. The
     * request is sent again while the service is not ready.
     */
    public List<BatchOutcome> submit(TaskBatch batch) {
        HttpRequest post = request(Query.of("/tasks"))
                .header("Content-Type", "application/x-ndjson")
                .header("Idempotency-Key", batch.idempotencyKey())
                .POST(BodyPublishers.ofString(batch.toJsonLines()))
                .build();
        HttpResponse<String> response = exchange(post);
        return response.body()
                .lines()
                .map(line -> BatchOutcome.of(server, parsed(post, response, line)))
                .toList();
    }

    /** Sends a DELETE request; throws as {@link #get} does. */
    public JsonNode delete(Query query) {
        return send(request(query).DELETE().build());
    }

    /** Returns the address of a path, for users to call themselves. */
    String address(String path) {
        return server.toString().replaceFirst("/+$", "") + path;
    }

    private HttpRequest.Builder request(Query query) {
        return HttpRequest.newBuilder(URI.create(address(query.toText())))
                .timeout(ANSWER_TIMEOUT)
                .header("Accept", "application/json, application/problem+json");
    }

    private JsonNode send(HttpRequest request) {
        HttpResponse<String> response = exchange(request);
        return parsed(request, response, response.body());
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        long giveUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
                Duration pause = retryAfter(response);
                if (response.statusCode() != 503 || System.nanoTime() + pause.toNanos() > giveUpAtNanos) {
                    return accepted(response);
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted.", e);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** Returns the delay that a 503 asks for, between a tenth of a second and ten seconds. */
    static Duration retryAfter(HttpResponse<?> response) {
        String seconds = response.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("\\d{1,4}")
                ? Duration.ofMillis(Math.clamp(Long.parseLong(seconds) * 1_000, 100, 10_000))
                : DEFAULT_RETRY_AFTER;
    }

    private HttpResponse<String> accepted(HttpResponse<String> response) {
        if (response.statusCode() >= 400) {
            throw ApiProblemException.of(server, response.statusCode(), response.body());
        }
        return response;
    }

    private JsonNode parsed(HttpRequest request, HttpResponse<String> response, String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new CommandFailedException(
                    "%s answered %d to %s %s with something that is not JSON. Is it the API of gpuctl?"
                            .formatted(
                                    server,
                                    response.statusCode(),
                                    request.method(),
                                    request.uri().getPath()),
                    e);
        }
    }

    private CommandFailedException unreachable(IOException e) {
        String trouble = switch (e) {
            case HttpConnectTimeoutException _ ->
                "No connection to %s within %d s.".formatted(server, CONNECT_TIMEOUT.toSeconds());
            case HttpTimeoutException _ ->
                "%s did not answer within %d s.".formatted(server, ANSWER_TIMEOUT.toSeconds());
            case ConnectException _ -> "Nothing answers at %s.".formatted(server);
            default -> "The connection to %s broke: %s.".formatted(server, e);
        };
        return new CommandFailedException(
                trouble + " Is the cluster running? Start one with: ./gpuctl up\nOr give its address with --server"
                        + " URL or GPUCTL_SERVER.",
                e);
    }

    /** Waits briefly for outstanding answers, since the server expects a client to read them. */
    @Override
    public void close() {
        http.shutdown();
        try {
            if (http.awaitTermination(CLOSE_TIMEOUT)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }
}
