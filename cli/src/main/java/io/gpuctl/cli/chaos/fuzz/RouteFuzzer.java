package io.gpuctl.cli.chaos.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.ApiClient.Answer;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Sends mutated requests to every route that {@code /openapi} lists: paths, parameters, headers and bodies. A 5xx
 * answer other than 503, or no answer within the limit, is a fault. One thread.
 */
public final class RouteFuzzer {
    private static final int BODY_MAX = 200_000;
    private static final Set<String> METHODS = Set.of("get", "post", "delete", "put", "patch", "head", "options");

    /** A route of the API, and an example of its body ({@code {}} if there is none). */
    private record Route(String method, String path, List<Parameter> parameters, String body) {}

    /** A parameter of a route. */
    private record Parameter(String name, String in) {}

    private final ApiClient api;
    private final SplittableRandom random;
    private final JsonMutator mutator;
    private final List<Route> routes = new ArrayList<>();
    private final SortedMap<Integer, Integer> statuses = new TreeMap<>();

    public RouteFuzzer(ApiClient api, SplittableRandom random) {
        this.api = api;
        this.random = random;
        mutator = new JsonMutator(random.split());
        readRoutes();
    }

    private void readRoutes() {
        JsonNode document = api.get("/openapi?format=json").json();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (METHODS.contains(operation.getKey())) {
                        routes.add(route(
                                document, operation.getKey(), path.getKey(), path.getValue(), operation.getValue()));
                    }
                }));
        if (routes.isEmpty()) {
            throw new ChaosException("%s lists no routes at /openapi".formatted(api.address()));
        }
    }

    private static Route route(JsonNode document, String method, String path, JsonNode item, JsonNode operation) {
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode list : List.of(item.path("parameters"), operation.path("parameters"))) {
            list.forEach(parameter -> parameters.add(new Parameter(
                    parameter.path("name").asText(), parameter.path("in").asText())));
        }
        JsonNode schema = operation
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema");
        return new Route(method.toUpperCase(Locale.ROOT), path, parameters, example(document, schema));
    }

    /** Returns a body with all fields of the schema, each with its example. */
    private static String example(JsonNode document, JsonNode schema) {
        String reference = schema.path("$ref").asText();
        JsonNode resolved = reference.isEmpty() ? schema : document.at(reference.substring(1));
        var fields = new ArrayList<String>();
        resolved.path("properties").properties().forEach(property -> {
            JsonNode examples = property.getValue().path("examples");
            fields.add("\"%s\":%s".formatted(property.getKey(), examples.isEmpty() ? "1" : examples.get(0)));
        });
        return "{" + String.join(",", fields) + "}";
    }

    /**
     * Sends requests for this duration, at least one for each route. Throws {@link ChaosException} at the first fault.
     */
    public void run(Duration duration) {
        long endNanos = System.nanoTime() + duration.toNanos();
        for (int i = 0; i < routes.size() || System.nanoTime() < endNanos; i++) {
            ask(i < routes.size() ? routes.get(i) : routes.get(random.nextInt(routes.size())));
        }
    }

    private void ask(Route route) {
        String path = route.path();
        var query = new StringBuilder();
        List<String[]> headers = new ArrayList<>();
        for (Parameter parameter : route.parameters()) {
            String value = text();
            switch (parameter.in()) {
                case "path" ->
                    path = path.replace("{" + parameter.name() + "}", encoded(value.isEmpty() ? "0" : value));
                case "query" -> {
                    if (random.nextInt(3) > 0) {
                        query.append(query.isEmpty() ? '?' : '&')
                                .append(parameter.name())
                                .append('=')
                                .append(encoded(value));
                    }
                }
                default -> headers.add(new String[] {parameter.name(), value});
            }
        }
        if (random.nextInt(10) == 0) {
            query.append(query.isEmpty() ? '?' : '&')
                    .append(encoded(text()))
                    .append('=')
                    .append(encoded(text()));
        }
        byte[] body = body(route);
        HttpRequest.Builder request = HttpRequest.newBuilder(api.address().resolve(path + query))
                .method(route.method(), BodyPublishers.ofByteArray(body));
        if (random.nextInt(10) > 0) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(header -> header(request, header[0], header[1]));
        check(
                route,
                path + query,
                body,
                path.contains("events") && !path.contains("tasks") ? open(request) : api.send(request));
    }

    /** Reads only the head of an answer, since a stream of events is endless. */
    private Answer open(HttpRequest.Builder request) {
        return api.head(request);
    }

    private byte[] body(Route route) {
        if (!route.method().equals("POST") && random.nextInt(4) > 0) {
            return new byte[0];
        }
        byte[] body = mutator.mutate(route.body().getBytes(StandardCharsets.UTF_8));
        return body.length <= BODY_MAX ? body : new byte[0];
    }

    private static void header(HttpRequest.Builder request, String name, String value) {
        try {
            request.header(name, value);
        } catch (IllegalArgumentException e) {
            return; // The client rejects this header; others are drawn.
        }
    }

    /** Returns a hostile value as a parameter, without quotes. */
    private String text() {
        String value = mutator.value();
        String plain = value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
        return plain.length() <= 2_500 ? plain : plain.substring(0, 2_500);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void check(Route route, String target, byte[] body, Answer answer) {
        statuses.merge(answer.status(), 1, Integer::sum);
        if (answer.status() == 0 || (answer.status() >= 500 && answer.status() != 503)) {
            throw new ChaosException("%s %s with the body %s: %s %s"
                    .formatted(
                            route.method(),
                            shortened(target),
                            shortened(new String(body, StandardCharsets.UTF_8)),
                            answer.status() == 0 ? "no answer" : answer.status(),
                            shortened(answer.text())));
        }
    }

    private static String shortened(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "...";
    }

    /** Returns the number of answers for each status. */
    public SortedMap<Integer, Integer> statuses() {
        return new TreeMap<>(statuses);
    }

    public int routes() {
        return routes.size();
    }
}
