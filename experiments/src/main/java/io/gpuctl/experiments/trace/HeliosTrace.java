package io.gpuctl.experiments.trace;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.input.CsvRow;
import io.gpuctl.experiments.trace.ReadingNotes.RowsLeftOut;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Reads a job log of SenseTime's Helios clusters:
 * {@code job_id,user,vc,gpu_num,cpu_num,node_num,state,submit_time,start_time,end_time,duration,queue}, with local
 * times, durations in seconds, and the GPUs and CPU cores of the whole job.
 *
 * <p>Source: Hu et al., "Characterization and Prediction of Deep Learning Workloads in Large-Scale GPU Datacenters", SC
 * 2021.
 */
final class HeliosTrace {

    static final List<String> COLUMNS =
            List.of("job_id", "user", "gpu_num", "cpu_num", "state", "submit_time", "duration");

    /** Values of {@code duration} for a job that never ran. */
    private static final List<String> UNKNOWN = List.of("", "None", "NULL", "nan");

    private static final String OUTCOME = "it is an outcome in the log; the run produces its own";

    private static final CsvRows.Layout LAYOUT = new CsvRows.Layout(
            COLUMNS,
            List.of(),
            Map.of(
                    "vc",
                    "a task has a user and a pool only",
                    "node_num",
                    "a task that needs several nodes spans as many as it needs",
                    "state",
                    "the run does not repeat how a job ended in the log",
                    "start_time",
                    OUTCOME,
                    "end_time",
                    OUTCOME,
                    "queue",
                    OUTCOME),
            Map.of(
                    "task_id", "job_id",
                    "gpus.count", "gpu_num",
                    "cpu_milli", "cpu_num in thousandths",
                    "work.duration_ms", "duration in ms"));

    private HeliosTrace() {}

    /** Returns a task for each job that ran; the first arrives at 0. */
    static Workload read(TraceText text) throws IOException, WorkloadFormatException {
        CsvRows rows = CsvRows.of(text, LAYOUT);
        var jobs = new LocalTimeline();
        var neverRan = new RowCount();
        rows.forEach(row -> {
            boolean ran = !UNKNOWN.contains(row.text("duration"));
            neverRan.addIf(!ran);
            if (ran) {
                jobs.add(
                        LocalTimeline.parse("submit_time", row.text("submit_time")),
                        task(row),
                        row.line(),
                        "the job_id " + row.text("job_id"));
            }
        });
        ArrivalList arrivals = text.arrivals();
        jobs.addTo(arrivals);
        List<RowsLeftOut> leftOut =
                neverRan.rows() == 0 ? List.of() : List.of(new RowsLeftOut(neverRan.rows(), "the duration is unknown"));
        return arrivals.workload(
                text.name(),
                TraceFormat.HELIOS,
                new ReadingNotes(
                        rows.fieldsWithoutCounterpart(), leftOut, List.of(LocalTimeline.ASSUMPTION), Map.of()));
    }

    private static TaskSpec task(CsvRow row) {
        return new TaskSpec(
                        new TaskId("helios-" + row.text("job_id")),
                        PoolId.DEFAULT,
                        row.text("user"),
                        Priority.NORMAL,
                        GpuRequest.whole(row.count("gpu_num"), 0),
                        row.count("cpu_num") * 1_000L,
                        0,
                        List.of(),
                        TaskSpec.DEFAULT_MAX_ATTEMPTS,
                        Work.lasting(row.secondsToMs("duration")))
                .overAnyNodes();
    }
}
