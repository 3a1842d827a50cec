package io.gpuctl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** docs/reference-rest.md shows every route and type of the OpenAPI description that the packaged program serves. */
class RestReferenceIT {

    private static final String WRITE =
            "./mvnw -pl cli -am verify -Dtest=none -Dit.test=RestReferenceIT -Dreference.write=true";

    /** Written by the build, see quarkus.smallrye-openapi.store-schema-directory in the pom. */
    private static final Path DESCRIPTION = Path.of("target/openapi/openapi.json");

    private static final String SCHEMAS = "#/components/schemas/";
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

    /** The keywords that limit a value, each with its text on the page. */
    private static final List<Entry<String, String>> LIMITS = List.of(
            Map.entry("default", "default %s"),
            Map.entry("minimum", "at least %s"),
            Map.entry("maximum", "at most %s"),
            Map.entry("exclusiveMaximum", "less than %s"),
            Map.entry("maxLength", "at most %s characters"),
            Map.entry("pattern", "matches `%s`"));

    @Test
    void thePageShowsEveryRouteAndType() throws Exception {
        JsonNode api = new ObjectMapper().readTree(DESCRIPTION.toFile());

        String page = """
                # The REST API

                Generated from the OpenAPI description: do not edit; regenerate it with

                ```
                %s
                ```

                A running cluster serves the description at `/openapi`, and shows it at `/docs` and `/redoc`. [api.md](api.md) has examples.

                %s

                # Routes
                """.formatted(WRITE, text(api.path("info")))
                + sorted(api.path("paths"), RestReferenceIT::routes)
                + "\n# Types\n"
                + sorted(api.at("/components/schemas"), RestReferenceIT::type);

        ReferencePage.assertShows("reference-rest.md", page, WRITE);
    }

    private static String sorted(JsonNode object, BiFunction<String, JsonNode, String> section) {
        return object
                .propertyStream()
                .collect(Collectors.toMap(Entry::getKey, Entry::getValue, (a, _) -> a, TreeMap::new))
                .entrySet()
                .stream()
                .map(entry -> section.apply(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }

    private static String routes(String path, JsonNode operations) {
        return METHODS.stream()
                .filter(operations::has)
                .map(method -> route(method.toUpperCase(Locale.ROOT) + " " + path, operations.path(method)))
                .collect(Collectors.joining());
    }

    private static String route(String name, JsonNode operation) {
        String parameters = each(operation.path("parameters"))
                .map(parameter -> "| `%s` | %s | %s | %s |\n"
                        .formatted(
                                parameter.path("name").asText(),
                                parameter.path("in").asText(),
                                kind(parameter.path("schema")),
                                text(parameter)))
                .collect(Collectors.joining());
        String body = content(operation.path("requestBody"));
        return "\n## %s\n\n%s. %s\n".formatted(name, operation.path("summary").asText(), text(operation))
                + (parameters.isEmpty() ? "" : "\n| parameter | in | type | |\n|---|---|---|---|\n" + parameters)
                + (body.isEmpty() ? "" : "\nBody: %s.\n".formatted(body))
                + "\n| status | answer | |\n|---|---|---|\n"
                + sorted(
                        operation.path("responses"),
                        (status, response) ->
                                "| %s | %s | %s |\n".formatted(status, content(response), text(response)));
    }

    private static String type(String name, JsonNode schema) {
        String text = schema.path("description").asText().isEmpty() ? "" : text(schema) + "\n";
        if (!schema.has("properties")) {
            return "\n## %s\n\n%s%s\n".formatted(name, text, sentence(kind(schema)));
        }
        List<String> required =
                each(schema.path("required")).map(JsonNode::asText).toList();
        String fields = schema.path("properties")
                .propertyStream()
                .map(field -> "| `%s` | %s | %s | %s |\n"
                        .formatted(
                                field.getKey(),
                                kind(field.getValue()),
                                required.contains(field.getKey()) ? "yes" : "",
                                text(field.getValue())))
                .collect(Collectors.joining());
        return "\n## %s\n\n%s\n| field | type | always there | |\n|---|---|---|---|\n%s".formatted(name, text, fields);
    }

    /** Returns the kind of a value: a link to its type, or the JSON type with its limits. */
    private static String kind(JsonNode schema) {
        if (schema.has("$ref")) {
            String name = schema.path("$ref").asText().substring(SCHEMAS.length());
            return "[%s](#%s)".formatted(name, name.toLowerCase(Locale.ROOT));
        }
        if (schema.has("enum")) {
            return each(schema.path("enum"))
                            .map(value -> "`" + value.asText() + "`")
                            .collect(Collectors.joining(", "))
                    + limits(schema);
        }
        if (schema.has("items")) {
            return "list of " + kind(schema.path("items"));
        }
        if (schema.path("additionalProperties").isObject()) {
            return "object, each value " + kind(schema.path("additionalProperties"));
        }
        String format = schema.path("format").asText();
        return schema.path("type").asText("any") + (format.equals("date-time") ? ", ISO 8601" : "") + limits(schema);
    }

    private static String limits(JsonNode schema) {
        List<String> limits = new ArrayList<>();
        LIMITS.forEach(limit -> {
            if (schema.has(limit.getKey())) {
                limits.add(
                        limit.getValue().formatted(schema.path(limit.getKey()).asText()));
            }
        });
        return limits.stream().map(limit -> ", " + limit).collect(Collectors.joining());
    }

    private static String content(JsonNode message) {
        return message.path("content")
                .propertyStream()
                .map(media -> kind(media.getValue().path("schema")))
                .distinct()
                .collect(Collectors.joining(" or "));
    }

    private static String text(JsonNode described) {
        return ReferencePage.cell(described.path("description").asText());
    }

    private static String sentence(String text) {
        return "A value of: " + text + ".";
    }

    private static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
