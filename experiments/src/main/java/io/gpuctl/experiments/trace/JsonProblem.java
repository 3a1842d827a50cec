package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.input.UntrustedJson;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.units.PlainText;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes what is wrong with a JSON document: the field, its value and the allowed values. */
final class JsonProblem {

    private JsonProblem() {}

    /**
     * Describes an exception of Jackson.
     *
     * @param document the document that does not match its type
     * @param path the document's path in its line: "task." or empty
     */
    static String of(JsonProcessingException e, JsonNode document, String path) {
        if (e.getCause() instanceof InvalidFieldException invalid) {
            return "%s%s is %s, but must be %s".formatted(path, invalid.field(), invalid.value(), invalid.allowed());
        }
        if (e instanceof MismatchedInputException mismatch) {
            return "%s is %s, but must be %s"
                    .formatted(
                            path + fieldPath(mismatch),
                            valueAt(document, mismatch),
                            expected(mismatch.getTargetType()));
        }
        return e instanceof JsonMappingException mapping
                ? path + fieldPath(mapping) + ": " + UntrustedJson.problem(e)
                : UntrustedJson.problem(e);
    }

    private static String fieldPath(JsonMappingException e) {
        return e.getPath().stream()
                .map(place -> place.getFieldName() == null ? "[" + place.getIndex() + "]" : place.getFieldName())
                .collect(Collectors.joining("."))
                .replace(".[", "[");
    }

    private static String valueAt(JsonNode document, JsonMappingException e) {
        JsonNode value = document;
        for (var place : e.getPath()) {
            value = place.getFieldName() == null ? value.path(place.getIndex()) : value.path(place.getFieldName());
        }
        return value.isMissingNode() ? "missing" : PlainText.cut(value.toString());
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "something else";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> EventJson.mapper().convertValue(constant, String.class))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (type == int.class || type == long.class) {
            return "a whole number";
        }
        if (type == double.class) {
            return "a number";
        }
        if (type == String.class || type == TaskId.class || type == PoolId.class) {
            return "a text";
        }
        return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
    }
}
