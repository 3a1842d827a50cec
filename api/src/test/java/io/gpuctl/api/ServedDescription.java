package io.gpuctl.api;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The OpenAPI document as the service serves it. */
record ServedDescription(JsonNode document) {

    private static final String JSON = "application/json";
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    /** An operation on a path. */
    record DescribedRoute(String method, String path, JsonNode operation) {

        String name() {
            return method + " " + path;
        }

        /** Returns the schema of the JSON body; missing if the route takes no body. */
        JsonNode body() {
            return operation.path("requestBody").path("content").path(JSON).path("schema");
        }

        boolean takesBody() {
            return operation.path("requestBody").path("content").has(JSON);
        }

        boolean needsBody() {
            return operation.path("requestBody").path("required").asBoolean();
        }

        /** Returns the schema of the JSON answer with this status; missing if there is none. */
        JsonNode answer(int status) {
            return operation
                    .path("responses")
                    .path(Integer.toString(status))
                    .path("content")
                    .path(JSON)
                    .path("schema");
        }

        /** Returns the query parameters. */
        List<JsonNode> queryParameters() {
            return elements(operation.path("parameters"))
                    .filter(parameter -> parameter.path("in").asText().equals("query"))
                    .toList();
        }
    }

    static ServedDescription read() {
        try {
            return new ServedDescription(new ObjectMapper()
                    .readTree(given().get("/openapi?format=JSON").asString()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    List<DescribedRoute> routes() {
        List<DescribedRoute> routes = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> routes.add(new DescribedRoute(
                                operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue()))));
        return routes;
    }

    /** Returns the words of each type that is an enumeration. */
    Map<String, List<String>> enumerations() {
        Map<String, List<String>> enumerations = new TreeMap<>();
        document.at("/components/schemas").properties().forEach(schema -> {
            if (schema.getValue().has("enum")) {
                enumerations.put(schema.getKey(), words(schema.getValue()));
            }
        });
        return enumerations;
    }

    /** Returns the schema to which this schema refers, or else this schema; of several alternatives the first. */
    JsonNode resolved(JsonNode schema) {
        if (schema.has("oneOf")) {
            return resolved(schema.path("oneOf").path(0));
        }
        return schema.has("$ref")
                ? resolved(document.at(schema.path("$ref").asText().substring(1)))
                : schema;
    }

    /** Returns the values that a schema lists; empty if it lists none. */
    List<String> words(JsonNode schema) {
        return elements(resolved(schema).path("enum")).map(JsonNode::asText).toList();
    }

    /**
     * Returns where a value differs from its schema: missing fields, fields that are not described, and words that are
     * not listed.
     */
    List<String> deviations(String place, JsonNode value, JsonNode described) {
        JsonNode schema = resolved(described);
        if (value.isArray()) {
            return elements(value)
                    .flatMap(element -> deviations(place + "[]", element, schema.path("items")).stream())
                    .toList();
        }
        if (value.isObject()) {
            return Stream.concat(ofFields(place, value, schema), missing(place, value, schema))
                    .toList();
        }
        return schema.has("enum") && !words(schema).contains(value.asText())
                ? List.of("%s is %s, which is not listed".formatted(place, value))
                : List.of();
    }

    private Stream<String> ofFields(String place, JsonNode value, JsonNode schema) {
        JsonNode known = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        boolean isOpen = others.asBoolean() || !(schema.has("properties") || others.isObject());
        return value.properties().stream().flatMap(field -> {
            String name = place + "." + field.getKey();
            JsonNode own = known.has(field.getKey()) ? known.path(field.getKey()) : others;
            return isOpen || own.isObject()
                    ? deviations(name, field.getValue(), own).stream()
                    : Stream.of(name + " is not described");
        });
    }

    private static Stream<String> missing(String place, JsonNode value, JsonNode schema) {
        return elements(schema.path("required"))
                .filter(name -> !value.has(name.asText()))
                .map(name -> "%s.%s is missing".formatted(place, name.asText()));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
