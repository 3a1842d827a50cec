package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.trace.ReadingNotes.RowsLeftOut;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the job log of Microsoft's Philly clusters as it was published: a JSON array of jobs, each with {@code jobid,
 * user, vc, status, submitted_time} and its {@code attempts}. Each attempt has {@code start_time, end_time} and, in
 * {@code detail}, the GPUs on each machine. Times are local. A single job, or a sequence of jobs without an array, is
 * read too.
 *
 * <p>Source: Jeon et al., "Analysis of Large-Scale Multi-Tenant GPU Clusters for DNN Training Workloads", USENIX ATC
 * 2019.
 */
final class PhillyJson {

    /** Any of these fields identifies the format. */
    static final List<String> FIELDS = List.of("jobid", "attempts");

    private static final String TIME = "a time as in '2017-10-09 07:01:55'";
    private static final List<String> KNOWN = List.of("jobid", "user", "submitted_time", "attempts");

    private static final Map<String, String> REASONS = Map.of(
            "vc", "a task has a user and a pool only",
            "status", "the run does not repeat how a job ended in the log");

    private final TraceText text;
    private final LocalTimeline jobs = new LocalTimeline();
    private final FieldCounts unused = new FieldCounts();
    private long withoutEndedAttempt;
    private long withOpenAttempt;

    private PhillyJson(TraceText text) {
        this.text = text;
    }

    /** Returns a task for each job with an attempt that ended; the first arrives at 0. */
    static Workload read(TraceText text) throws IOException, WorkloadFormatException {
        var log = new PhillyJson(text);
        try (var document = JsonDocument.of(text)) {
            for (JsonToken token = document.next(); token != null; token = document.next()) {
                switch (token) {
                    case START_ARRAY, END_ARRAY -> {}
                    case START_OBJECT -> log.read(document.line(), document.value());
                    default ->
                        throw new WorkloadFormatException(text.file(), document.line(), "a job must be a JSON object");
                }
            }
        }
        return log.workload();
    }

    private void read(int line, JsonNode job) throws WorkloadFormatException {
        try {
            add(line, job);
        } catch (InvalidFieldException e) {
            text.badRows().add(WorkloadFormatException.of(text.file(), line, nameOf(e.field()), e));
        }
    }

    private void add(int line, JsonNode job) {
        String id = JsonDocument.scalar(job, "jobid", "a text");
        LocalDateTime submitted =
                LocalTimeline.parse("submitted_time", JsonDocument.scalar(job, "submitted_time", TIME));
        long durationMs = 0;
        int gpus = 0;
        int ended = 0;
        for (JsonNode attempt : job.path("attempts")) {
            gpus = Math.max(gpus, gpus(attempt));
            Optional<Long> ms = durationMs(attempt);
            ended += ms.isPresent() ? 1 : 0;
            durationMs += ms.orElse(0L);
        }
        if (ended == 0) {
            withoutEndedAttempt++;
            return;
        }
        withOpenAttempt += ended < job.path("attempts").size() ? 1 : 0;
        jobs.add(submitted, task(id, job, gpus, durationMs), line, "the jobid " + id);
        job.fieldNames().forEachRemaining(field -> {
            if (!KNOWN.contains(field)) {
                unused.count(field, REASONS.getOrDefault(field, "the format does not define this field"));
            }
        });
    }

    private static TaskSpec task(String id, JsonNode job, int gpus, long durationMs) {
        return new TaskSpec(
                        new TaskId(id),
                        PoolId.DEFAULT,
                        job.path("user").asText(""),
                        Priority.NORMAL,
                        GpuRequest.whole(gpus, 0),
                        0,
                        0,
                        List.of(),
                        TaskSpec.DEFAULT_MAX_ATTEMPTS,
                        Work.lasting(durationMs))
                .overAnyNodes();
    }

    private static int gpus(JsonNode attempt) {
        int gpus = 0;
        for (JsonNode machine : attempt.path("detail")) {
            gpus += machine.path("gpus").size();
        }
        return gpus;
    }

    /** Returns the duration; empty if the attempt has no start or no end. */
    private static Optional<Long> durationMs(JsonNode attempt) {
        Optional<LocalDateTime> start = time(attempt, "start_time");
        Optional<LocalDateTime> end = time(attempt, "end_time");
        if (start.isEmpty() || end.isEmpty()) {
            return Optional.empty();
        }
        if (end.get().isBefore(start.get())) {
            throw new InvalidFieldException(
                    "end_time",
                    attempt.path("end_time").asText(),
                    "no earlier than start_time " + attempt.path("start_time").asText());
        }
        return Optional.of(Duration.between(start.get(), end.get()).toMillis());
    }

    private static Optional<LocalDateTime> time(JsonNode attempt, String field) {
        JsonNode value = attempt.path(field);
        boolean isUnknown = value.isNull()
                || value.isMissingNode()
                || value.asText().isBlank()
                || value.asText().equals("None");
        return isUnknown
                ? Optional.empty()
                : Optional.of(LocalTimeline.parse(field, JsonDocument.scalar(attempt, field, TIME)));
    }

    /** Returns the file's name of a task field. */
    private static String nameOf(String field) {
        return switch (field) {
            case "task_id" -> "jobid";
            case "gpus.count" -> "the number of GPUs in detail";
            case "work.duration_ms" -> "the time of all attempts in ms";
            default -> field;
        };
    }

    private Workload workload() throws WorkloadFormatException {
        ArrivalList arrivals = text.arrivals();
        jobs.addTo(arrivals);
        var notes = new ReadingNotes(
                unused.fields(),
                withoutEndedAttempt == 0
                        ? List.of()
                        : List.of(new RowsLeftOut(withoutEndedAttempt, "no attempt has a start and an end")),
                List.of(
                        LocalTimeline.ASSUMPTION,
                        "a job runs as long as all its attempts together, on the GPUs of the largest"),
                Map.of());
        return arrivals.workload(
                text.name(),
                TraceFormat.PHILLY_JSON,
                withOpenAttempt == 0
                        ? notes
                        : notes.plusAssumption(
                                "%d jobs have attempts without an end: those do not count".formatted(withOpenAttempt)));
    }
}
