package io.gpuctl.cli.chaos.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A client of one API that waits for each answer. A missing answer counts as an answer with status 0. */
public final class ApiClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int PAGE = 1000;

    private final URI address;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** An answer; status 0 means no answer. */
    public record Answer(int status, String text) {
        /** Returns the body as JSON; a missing node if the body is not JSON. */
        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                return MissingNode.getInstance();
            }
        }
    }

    public ApiClient(URI address) {
        this.address = address;
    }

    public URI address() {
        return address;
    }

    public Answer get(String path) {
        return send(HttpRequest.newBuilder(address.resolve(path)).GET());
    }

    public Answer post(String path, String body) {
        return send(HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    /** Sends any request; sets a timeout if the request has none. */
    public Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return new Answer(0, String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, "interrupted");
        }
    }

    /** Sends a request whose answer may be endless, and reads only its head. */
    public Answer head(HttpRequest.Builder request) {
        try {
            HttpResponse<InputStream> response =
                    http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofInputStream());
            response.body().close();
            return new Answer(response.statusCode(), "");
        } catch (IOException e) {
            return new Answer(0, String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, "interrupted");
        }
    }

    /** Returns whether the API accepts submissions now. */
    public boolean isReady() {
        return get("/health/ready").status() == 200;
    }

    /** Returns the number of tasks in each state; empty if the API does not answer. */
    public Map<String, Integer> taskCounts() {
        Map<String, Integer> counts = new HashMap<>();
        Answer answer = get("/cluster/status");
        if (answer.status() == 200) {
            answer.json()
                    .path("tasks")
                    .properties()
                    .forEach(
                            state -> counts.put(state.getKey(), state.getValue().asInt()));
        }
        return counts;
    }

    /** Returns the state of every task by its id. */
    public Map<String, String> tasks() {
        Map<String, String> states = new HashMap<>();
        String cursor = "";
        do {
            Answer answer = get("/tasks?limit=" + PAGE + (cursor.isEmpty() ? "" : "&cursor=" + encoded(cursor)));
            if (answer.status() != 200) {
                throw new UncheckedIOException(
                        new IOException("GET /tasks: %d %s".formatted(answer.status(), answer.text())));
            }
            JsonNode page = answer.json();
            page.path("tasks")
                    .forEach(task -> states.put(
                            task.path("task_id").asText(), task.path("state").asText()));
            cursor = page.path("next_cursor").asText("");
        } while (!cursor.isEmpty());
        return states;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
