package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.input.RefusedValueException;
import io.gpuctl.events.input.UntrustedJson;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the project's own format, which {@link WorkloadWriter} writes and {@code docs/workload-format.md} describes:
 * JSON Lines with an optional header, then an object for each task with {@code at_ms} and {@code task}.
 */
final class WorkloadLines {

    private static final ObjectReader TREES =
            EventJson.mapper().reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final String NO_SUCH_FIELD = "the format does not define this field";

    private final TraceText text;
    private final ArrivalList arrivals;
    private final FieldCounts unused = new FieldCounts();
    private WorkloadHeader header;

    private WorkloadLines(TraceText text) {
        this.text = text;
        this.arrivals = text.arrivals();
        this.header = WorkloadHeader.of(text.name(), ReadingNotes.NONE);
    }

    static Workload read(TraceText text) throws IOException, WorkloadFormatException {
        var lines = new WorkloadLines(text);
        boolean isFirst = true;
        int number = 0;
        for (String line = text.reader().readLine();
                line != null;
                line = text.reader().readLine()) {
            number++;
            if (!line.isBlank()) {
                try {
                    lines.read(line, number, isFirst);
                } catch (WorkloadFormatException e) {
                    text.badRows().add(e);
                }
                isFirst = false;
            }
        }
        return lines.workload();
    }

    private void read(String line, int number, boolean isFirst) throws IOException, WorkloadFormatException {
        if (isFirst) {
            ObjectNode document = parse(UntrustedJson.checkedNotes(TREES.createParser(line)), number);
            if (document.has("format")) {
                header = header(document, number);
                return;
            }
        }
        addArrival(parse(UntrustedJson.checked(TREES.createParser(line)), number), number);
    }

    private ObjectNode parse(JsonParser ofLine, int number) throws IOException, WorkloadFormatException {
        try (var parser = ofLine) {
            if (TREES.readTree(parser) instanceof ObjectNode document) {
                return document;
            }
        } catch (RefusedValueException e) {
            throw problem(number, UntrustedJson.problem(e));
        } catch (JsonProcessingException e) {
            throw problem(number, "is not JSON, " + UntrustedJson.problemWithColumn(e));
        }
        throw problem(number, "must be a JSON object");
    }

    private WorkloadHeader header(ObjectNode document, int number) throws WorkloadFormatException {
        if (!document.path("format").asText().equals(WorkloadHeader.FORMAT)) {
            throw problem(
                    number,
                    "format is %s, but must be \"%s\"".formatted(document.get("format"), WorkloadHeader.FORMAT));
        }
        if (document.path("version").asInt() != WorkloadHeader.VERSION) {
            String version = document.has("version") ? document.path("version").toString() : "missing";
            throw problem(number, "version is %s, but must be %d".formatted(version, WorkloadHeader.VERSION));
        }
        KnownFields.reportOthersOfHeader(document, field -> unused.count(field, NO_SUCH_FIELD));
        return value(document, WorkloadHeader.class, number, "");
    }

    private void addArrival(ObjectNode document, int number) throws WorkloadFormatException {
        WholeNumbers.restore(document);
        JsonNode atMs = document.path("at_ms");
        if (!atMs.isIntegralNumber() || !atMs.canConvertToLong() || atMs.longValue() < 0) {
            throw problem(number, "at_ms is %s, but must be a whole number, 0 or more".formatted(shown(atMs)));
        }
        if (!(document.path("task") instanceof ObjectNode task)) {
            throw problem(number, "task is %s, but must be an object".formatted(shown(document.path("task"))));
        }
        completeWork(task, number);
        TaskSpec spec = value(task, TaskSpec.class, number, "task.");
        requireSubmittable(spec.work(), number);
        arrivals.add(new Arrival(atMs.longValue(), spec), number, "the task_id " + spec.taskId());
        KnownFields.reportOthersOfArrival(document, field -> unused.count(field, NO_SUCH_FIELD));
    }

    private void requireSubmittable(Work work, int number) throws WorkloadFormatException {
        try {
            work.requireSubmittable();
        } catch (InvalidFieldException e) {
            throw problem(number, "task." + e.getMessage());
        }
    }

    /**
     * Requires the duration and sets a default utilization. Jackson would read absent fields as 0: a task would take no
     * time, or leave its GPUs idle.
     */
    private void completeWork(ObjectNode task, int number) throws WorkloadFormatException {
        if (task.path("work") instanceof ObjectNode work) {
            if (!work.has("duration_ms")) {
                throw problem(number, "task.work.duration_ms is missing, but must be a whole number");
            }
            if (!work.has("utilization")) {
                work.put("utilization", Work.DEFAULT_UTILIZATION);
            }
        }
    }

    private <T> T value(JsonNode document, Class<T> type, int number, String path) throws WorkloadFormatException {
        try {
            return EventJson.mapper().treeToValue(document, type);
        } catch (JsonProcessingException e) {
            throw problem(number, JsonProblem.of(e, document, path));
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : value.toString();
    }

    private WorkloadFormatException problem(int line, String problem) {
        return new WorkloadFormatException(text.file(), line, problem);
    }

    private Workload workload() throws WorkloadFormatException {
        ReadingNotes notes = header.notes() == null ? ReadingNotes.NONE : header.notes();
        List<FieldWithoutCounterpart> fields = new ArrayList<>(notes.fieldsWithoutCounterpart());
        fields.addAll(unused.fields());
        return arrivals.workload(
                orElse(header.name(), text.name()),
                TraceFormat.GPUCTL,
                new ReadingNotes(fields, notes.rowsLeftOut(), notes.assumptions(), notes.header(), notes.badRows()));
    }

    private static String orElse(@Nullable String value, String fallback) {
        return value == null ? fallback : value;
    }
}
