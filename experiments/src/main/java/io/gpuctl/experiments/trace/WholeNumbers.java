package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.units.Numbers;

/** Restores whole numbers that a JSON document writes as {@code 4.0} or {@code 1e5}, as many programs do. */
final class WholeNumbers {

    private WholeNumbers() {}

    /** Replaces {@code 4.0} with {@code 4}, at all depths. */
    static void restore(JsonNode document) {
        switch (document) {
            case ObjectNode object ->
                object.properties().forEach(field -> {
                    restore(field.getValue());
                    field.setValue(whole(field.getValue()));
                });
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    restore(array.get(i));
                    array.set(i, whole(array.get(i)));
                }
            }
            default -> {}
        }
    }

    private static JsonNode whole(JsonNode value) {
        return value.isFloatingPointNumber() && Double.isFinite(value.doubleValue())
                ? Numbers.exactly(value.decimalValue())
                        .<JsonNode>map(LongNode::valueOf)
                        .orElse(value)
                : value;
    }
}
