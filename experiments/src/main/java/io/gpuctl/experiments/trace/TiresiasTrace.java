package io.gpuctl.experiments.trace;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.input.CsvRow;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Reads a job trace of the simulator of Tiresias:
 * {@code job_id,num_gpu,submit_time,iterations,model_name,duration,interval}, with times in seconds and without users.
 *
 * <p>Source: Gu et al., "Tiresias: A GPU Cluster Manager for Distributed Deep Learning", NSDI 2019.
 */
final class TiresiasTrace {

    static final List<String> COLUMNS =
            List.of("job_id", "num_gpu", "submit_time", "iterations", "model_name", "duration", "interval");

    private static final CsvRows.Layout LAYOUT = new CsvRows.Layout(
            COLUMNS,
            List.of(),
            Map.of(
                    "iterations", "a task's work is one duration, not iterations",
                    "model_name", "a task does not say what it computes",
                    "interval", "arrivals follow from submit_time"),
            Map.of("task_id", "job_id", "gpus.count", "num_gpu", "work.duration_ms", "duration in ms"));

    private TiresiasTrace() {}

    /** Returns a task for each job. */
    static Workload read(TraceText text) throws IOException, WorkloadFormatException {
        CsvRows rows = CsvRows.of(text, LAYOUT);
        ArrivalList arrivals = text.arrivals();
        rows.forEach(row -> arrivals.add(
                new Arrival(row.secondsToMs("submit_time"), task(row)),
                row.line(),
                "the job_id " + row.text("job_id")));
        return arrivals.workload(
                text.name(),
                TraceFormat.TIRESIAS,
                new ReadingNotes(rows.fieldsWithoutCounterpart(), List.of(), List.of(), Map.of()));
    }

    private static TaskSpec task(CsvRow row) {
        return TaskSpec.of(
                        new TaskId("tiresias-" + row.text("job_id")),
                        GpuRequest.whole(row.count("num_gpu"), 0),
                        Work.lasting(row.secondsToMs("duration")))
                .overAnyNodes();
    }
}
