package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.units.Numbers;
import io.gpuctl.experiments.trace.ReadingNotes.RowsLeftOut;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a workload of the simulator Batsim: a JSON object with {@code jobs}, each with {@code id, subtime, res} and
 * {@code profile}, and {@code profiles} by name. Times are seconds; resources become GPUs. Only profiles of the type
 * {@code delay} say how long a job takes; for other types, that depends on the platform.
 *
 * <p>Source: Dutot et al., "Batsim: a Realistic Language-Independent Resources and Jobs Management Systems Simulator",
 * JSSPP 2016, and the documentation of its input.
 */
final class BatsimJobs {

    /** Any of these fields identifies the format. */
    static final List<String> FIELDS = List.of("jobs", "profiles", "nb_res");

    private static final List<String> KNOWN = List.of("id", "subtime", "res", "profile");

    private static final Map<String, String> REASONS =
            Map.of("walltime", "a task has no limit of its run time", "subtime", "arrivals follow from subtime");

    private static final String SECONDS = "a number of seconds";

    private final TraceText text;
    private final List<Job> jobs = new ArrayList<>();
    private final Map<String, Profile> profiles = new LinkedHashMap<>();
    private final Map<String, String> header = new LinkedHashMap<>();
    private final Map<String, Long> leftOut = new LinkedHashMap<>();
    private final FieldCounts unused = new FieldCounts();

    private record Job(int line, String id, long submitMs, int resources, String profile) {}

    /**
     * A job's work.
     *
     * @param durationMs duration of a profile of the type {@code delay}; 0 for other types
     */
    private record Profile(String type, long durationMs) {
        boolean isDelay() {
            return type.equals("delay");
        }
    }

    private BatsimJobs(TraceText text) {
        this.text = text;
    }

    /** Returns a task for each job whose profile says how long the job takes. */
    static Workload read(TraceText text) throws IOException, WorkloadFormatException {
        var workload = new BatsimJobs(text);
        try (var document = JsonDocument.of(text)) {
            if (document.next() != JsonToken.START_OBJECT) {
                throw new WorkloadFormatException(text.file(), 1, "must be a JSON object");
            }
            while (document.next() == JsonToken.FIELD_NAME) {
                String name = document.fieldName();
                JsonToken value = document.next();
                if (name.equals("jobs") && value == JsonToken.START_ARRAY) {
                    workload.readJobs(document);
                } else if (name.equals("profiles") && value == JsonToken.START_OBJECT) {
                    workload.readProfiles(document);
                } else if (value != null && value.isScalarValue()) {
                    workload.header.put(name, document.value().asText());
                } else {
                    document.skipValue();
                }
            }
        }
        return workload.workload();
    }

    private void readJobs(JsonDocument document) throws IOException, WorkloadFormatException {
        while (document.next() != JsonToken.END_ARRAY) {
            int line = document.line();
            JsonNode job = document.value();
            try {
                jobs.add(job(line, job));
            } catch (InvalidFieldException e) {
                text.badRows().add(WorkloadFormatException.of(text.file(), line, e.field(), e));
            }
        }
    }

    private Job job(int line, JsonNode job) {
        var read = new Job(
                line,
                JsonDocument.scalar(job, "id", "a number or a text"),
                Numbers.secondsToMs("subtime", JsonDocument.scalar(job, "subtime", SECONDS)),
                Math.toIntExact(Numbers.whole("res", JsonDocument.scalar(job, "res", "a whole number"), 6)),
                JsonDocument.scalar(job, "profile", "the name of a profile"));
        job.fieldNames().forEachRemaining(field -> {
            if (!KNOWN.contains(field)) {
                unused.count(field, REASONS.getOrDefault(field, "the format does not define this field"));
            }
        });
        return read;
    }

    private void readProfiles(JsonDocument document) throws IOException, WorkloadFormatException {
        while (document.next() == JsonToken.FIELD_NAME) {
            String name = document.fieldName();
            int line = document.line();
            document.next();
            JsonNode profile = document.value();
            try {
                String type = JsonDocument.scalar(profile, "type", "a profile type, such as delay");
                profiles.put(
                        name,
                        new Profile(
                                type,
                                type.equals("delay")
                                        ? Numbers.secondsToMs("delay", JsonDocument.scalar(profile, "delay", SECONDS))
                                        : 0));
            } catch (InvalidFieldException e) {
                throw WorkloadFormatException.of(text.file(), line, "profile %s: %s".formatted(name, e.field()), e);
            }
        }
    }

    private Workload workload() throws WorkloadFormatException {
        ArrivalList arrivals = text.arrivals();
        for (Job job : jobs) {
            try {
                add(job, arrivals);
            } catch (InvalidFieldException e) {
                text.badRows().add(WorkloadFormatException.of(text.file(), job.line, nameOf(e.field()), e));
            }
        }
        return arrivals.workload(
                text.name(),
                TraceFormat.BATSIM,
                new ReadingNotes(
                        unused.fields(),
                        leftOut.entrySet().stream()
                                .map(entry -> new RowsLeftOut(entry.getValue(), entry.getKey()))
                                .toList(),
                        List.of("a resource is a GPU"),
                        header));
    }

    private void add(Job job, ArrivalList arrivals) throws WorkloadFormatException {
        Profile profile = profiles.get(job.profile);
        if (profile == null) {
            throw new InvalidFieldException("profile", "'" + job.profile + "'", "one of the file's profiles");
        }
        if (!profile.isDelay()) {
            leftOut.merge(
                    "a profile of the type %s does not say how long a job takes".formatted(profile.type),
                    1L,
                    Long::sum);
            return;
        }
        var task = TaskSpec.of(
                new TaskId("batsim-" + job.id.replaceAll("[^A-Za-z0-9._-]", "-")),
                GpuRequest.whole(job.resources, 0),
                Work.lasting(profile.durationMs));
        arrivals.add(new Arrival(job.submitMs, task.overAnyNodes()), job.line, "the id " + job.id);
    }

    /** Returns the file's name of a task field. */
    private static String nameOf(String field) {
        return switch (field) {
            case "task_id" -> "id";
            case "gpus.count" -> "res";
            case "work.duration_ms" -> "delay in ms";
            default -> field;
        };
    }
}
