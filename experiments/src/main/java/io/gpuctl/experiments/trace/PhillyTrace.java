package io.gpuctl.experiments.trace;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Reads a trace of Microsoft's Philly clusters, in the form that simulators share: {@code
 * timestamp,duration,num_gpus,gpu_time,cluster}, a local time, seconds, whole GPUs, GPU-seconds and the virtual cluster
 * that the job was submitted to, which becomes the task's user. Rows stand in any order and have no ids: a task is called
 * after the number of its row.
 *
 * <p>Source: Jeon et al., "Analysis of Large-Scale Multi-Tenant GPU Clusters for DNN Training Workloads", USENIX ATC 2019.
 */
final class PhillyTrace {

    static final List<String> COLUMNS = List.of("timestamp", "duration", "num_gpus", "gpu_time", "cluster");

    private static final CsvRows.Layout LAYOUT = new CsvRows.Layout(
            COLUMNS,
            List.of(),
            Map.of("gpu_time", "it is duration times num_gpus, which a task has"),
            Map.of("gpus.count", "num_gpus", "user", "cluster", "work.duration_ms", "duration in ms"));

    private static final List<String> ASSUMPTIONS =
            List.of("times are local and the file names no zone: a change of the clocks in between is not taken out");

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

    private PhillyTrace() {}

    private record Job(LocalDateTime submitted, int line, TaskSpec task) {}

    /** One task for each job; the first arrives at 0. */
    static Workload read(TraceText text) throws IOException, WorkloadFormatException {
        CsvRows rows = CsvRows.of(text, LAYOUT);
        List<Job> jobs = new ArrayList<>();
        rows.forEach(row -> jobs.add(new Job(timestamp(row), row.line(), task(row, jobs.size() + 1))));
        return new Workload(
                text.name(),
                TraceFormat.PHILLY,
                arrivals(text, jobs),
                new ReadingNotes(rows.fieldsWithoutCounterpart(), List.of(), ASSUMPTIONS, Map.of()));
    }

    private static List<Arrival> arrivals(TraceText text, List<Job> jobs) throws WorkloadFormatException {
        LocalDateTime start =
                jobs.stream().map(Job::submitted).min(Comparator.naturalOrder()).orElse(LocalDateTime.MIN);
        var arrivals = new ArrivalList(text.file());
        for (Job job : jobs) {
            long atMs = Duration.between(start, job.submitted).toMillis();
            arrivals.add(new Arrival(atMs, job.task), job.line, "the id " + job.task.taskId());
        }
        return arrivals.sorted();
    }

    private static TaskSpec task(CsvRow row, int number) {
        return new TaskSpec(
                        new TaskId("philly-%05d".formatted(number)),
                        PoolId.DEFAULT,
                        row.text("cluster"),
                        Priority.NORMAL,
                        GpuRequest.whole(row.count("num_gpus"), 0),
                        0,
                        0,
                        List.of(),
                        TaskSpec.DEFAULT_MAX_ATTEMPTS,
                        Work.lasting(row.secondsToMs("duration")))
                .overAnyNodes();
    }

    private static LocalDateTime timestamp(CsvRow row) {
        String value = row.text("timestamp");
        try {
            return LocalDateTime.parse(value, TIMESTAMP);
        } catch (DateTimeParseException _) {
            throw new InvalidFieldException("timestamp", "'" + value + "'", "a time as in '2017-10-09 07:01:55'");
        }
    }
}
