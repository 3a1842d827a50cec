package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.EventJson;
import java.util.function.Consumer;

/** Tells which fields of a JSON document its type does not have: Jackson passes over them in silence. */
final class KnownFields {

    private static final ObjectMapper MAPPER = EventJson.mapper();

    /** Every field of these records is written if it is not at a default: so one of a kind shows them all. */
    private static final JsonNode ARRIVAL = MAPPER.valueToTree(new Arrival(
            0,
            TaskSpec.of(
                            new TaskId("sample"),
                            GpuRequest.whole(2, 0),
                            Work.lasting(0).withProfile(LoadProfile.NOTEBOOK).withCheckpoints(1, 1))
                    .withMaxNodes(2)));

    private static final JsonNode HEADER = MAPPER.valueToTree(WorkloadHeader.of("", ReadingNotes.NONE));

    private KnownFields() {}

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
