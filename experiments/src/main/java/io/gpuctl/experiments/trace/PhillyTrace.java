package io.gpuctl.experiments.trace;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.input.CsvRow;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Reads a trace of Microsoft's Philly clusters, in the form that simulators share:
 * {@code timestamp,duration,num_gpus,gpu_time,cluster}. These are a local time, seconds, whole GPUs, GPU-seconds, and
 * the job's virtual cluster, which becomes the task's user. Rows may have any order and have no ids: the row number
 * names the task. {@link PhillyJson} reads the form in which the trace was published.
 *
 * <p>Source: Jeon et al., "Analysis of Large-Scale Multi-Tenant GPU Clusters for DNN Training Workloads", USENIX ATC
 * 2019.
 */
final class PhillyTrace {

    static final List<String> COLUMNS = List.of("timestamp", "duration", "num_gpus", "gpu_time", "cluster");

    private static final CsvRows.Layout LAYOUT = new CsvRows.Layout(
            COLUMNS,
            List.of(),
            Map.of("gpu_time", "it is duration times num_gpus, which a task has"),
            Map.of("gpus.count", "num_gpus", "user", "cluster", "work.duration_ms", "duration in ms"));

    private PhillyTrace() {}

    /** Returns a task for each job; the first arrives at 0. */
    static Workload read(TraceText text) throws IOException, WorkloadFormatException {
        CsvRows rows = CsvRows.of(text, LAYOUT);
        var jobs = new LocalTimeline();
        rows.forEach(row -> {
            TaskSpec task = task(row, rows.number());
            jobs.add(
                    LocalTimeline.parse("timestamp", row.text("timestamp")),
                    task,
                    row.line(),
                    "the id " + task.taskId());
        });
        ArrivalList arrivals = text.arrivals();
        jobs.addTo(arrivals);
        return arrivals.workload(
                text.name(),
                TraceFormat.PHILLY,
                new ReadingNotes(
                        rows.fieldsWithoutCounterpart(), List.of(), List.of(LocalTimeline.ASSUMPTION), Map.of()));
    }

    private static TaskSpec task(CsvRow row, long number) {
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
}
