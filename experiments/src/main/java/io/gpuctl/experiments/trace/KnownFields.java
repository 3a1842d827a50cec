package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.form.TaskField;
import io.gpuctl.events.form.TaskForm;
import io.gpuctl.events.kafka.EventJson;
import java.util.function.Consumer;

/** Reports fields of a JSON document that its type does not have, because Jackson ignores such fields silently. */
final class KnownFields {

    private static final JsonNode ARRIVAL = arrival();

    private static final JsonNode HEADER = EventJson.mapper().valueToTree(WorkloadHeader.of("", ReadingNotes.NONE));

    private KnownFields() {}

    /** Returns an object with a null for each known field. */
    private static JsonNode arrival() {
        ObjectNode arrival = JsonNodeFactory.instance.objectNode().putNull("at_ms");
        for (TaskField<?> field : TaskForm.OF_TASK) {
            for (String place : field.places()) {
                JsonPointer pointer = JsonPointer.compile("/task/" + place.replace('.', '/'));
                arrival.withObject(pointer.head()).putNull(pointer.last().getMatchingProperty());
            }
        }
        return arrival;
    }

    static void reportOthersOfArrival(JsonNode document, Consumer<String> report) {
        reportOthers(ARRIVAL, document, "", report);
    }

    static void reportOthersOfHeader(JsonNode document, Consumer<String> report) {
        document.fieldNames().forEachRemaining(name -> {
            if (!HEADER.has(name)) {
                report.accept(name + " (header)");
            }
        });
    }

    private static void reportOthers(JsonNode known, JsonNode document, String parent, Consumer<String> report) {
        document.properties().forEach(field -> {
            String name = parent + field.getKey();
            JsonNode counterpart = known.get(field.getKey());
            if (counterpart == null) {
                report.accept(name);
            } else {
                reportOthers(counterpart, field.getValue(), name + ".", report);
            }
        });
    }
}
