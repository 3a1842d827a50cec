package io.gpuctl.cli.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks an API whether its cluster is ready. For one thread. */
final class Readiness implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_TIMEOUT)
            .build();
    private final URI api;
    private String lastAnswer = "the API did not answer";
    private boolean hasOrchestrator = true;

    Readiness(URI api) {
        this.api = api;
    }

    /** Returns whether the API is ready, and this many nodes are up. False if there is no answer. */
    boolean isReady(int nodes) throws InterruptedException {
        try {
            return isHealthy() && areUp(nodes);
        } catch (JsonProcessingException e) {
            lastAnswer = "the API's answer is not JSON: " + e.getOriginalMessage();
            return false;
        } catch (IOException _) {
            return false; // The port is not open yet.
        }
    }

    private boolean isHealthy() throws IOException, InterruptedException {
        HttpResponse<String> response = get("/health/ready");
        JsonNode data = JSON.readTree(response.body()).at("/checks/0/data");
        lastAnswer = "the API is not ready: " + data.path("problem").asText("it gives no reason");
        hasOrchestrator = !data.path("orchestrator").asText().startsWith("none");
        return response.statusCode() == 200;
    }

    private boolean areUp(int nodes) throws IOException, InterruptedException {
        HttpResponse<String> response = get("/cluster/status");
        JsonNode answer = JSON.readTree(response.body());
        if (response.statusCode() != 200) {
            lastAnswer = "the API does not return the number of nodes: "
                    + answer.path("detail").asText("status " + response.statusCode());
            return false;
        }
        int up = answer.at("/nodes/up").asInt();
        lastAnswer = "%d of %d nodes are up".formatted(up, nodes);
        return up >= nodes;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(api.resolve(path))
                .timeout(ANSWER_TIMEOUT)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** Returns false if the last answer of the API said that no orchestrator runs. */
    boolean hasOrchestrator() {
        return hasOrchestrator;
    }

    /** Returns why the API is not ready, for people. */
    String lastAnswer() {
        return lastAnswer;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
