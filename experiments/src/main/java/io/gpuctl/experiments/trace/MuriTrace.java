package io.gpuctl.experiments.trace;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.input.CsvRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads a job trace of Muri, which has all of {@link #COLUMNS} and times in ms.
 *
 * <p>Source: Zhao et al., "Multi-Resource Interleaving for Deep Learning Training", SIGCOMM 2022.
 */
public final class MuriTrace {

    static final List<String> COLUMNS = List.of(
            "job_id",
            "num_gpu",
            "submit_time",
            "iterations",
            "model_name",
            "batch_size",
            "duration",
            "interval",
            "iteration_time",
            "resource_time_0",
            "resource_time_1",
            "resource_time_2",
            "priority");

    private static final String USER = "muri";

    private static final String ONE_DURATION = "a task's work is one duration, not iterations";
    private static final String NO_MODEL = "a task does not say what it computes";
    private static final String ONE_LOAD = "a task's load is one share of its GPUs, not the stages of an iteration";

    private static final CsvRows.Layout LAYOUT = new CsvRows.Layout(
            COLUMNS,
            List.of(),
            Map.of(
                    "iterations", ONE_DURATION,
                    "iteration_time", ONE_DURATION,
                    "model_name", NO_MODEL,
                    "batch_size", NO_MODEL,
                    "interval", "arrivals follow from submit_time",
                    "resource_time_0", ONE_LOAD,
                    "resource_time_1", ONE_LOAD,
                    "resource_time_2", ONE_LOAD,
                    "priority", "it says whether a job may be put aside for others, not how urgent it is"),
            Map.of("gpus.count", "num_gpu", "work.duration_ms", "duration"));

    private MuriTrace() {}

    /** Returns a task for each job, as long as the job's {@code duration}. */
    static Workload read(TraceText text) throws IOException, WorkloadFormatException {
        return read(text, new ArrayList<>());
    }

    /**
     * Reads the jobs themselves, in the order of the file.
     *
     * @throws WorkloadFormatException if the file is no Muri trace, as for {@link WorkloadFile#read(Path)}
     * @throws IOException if the file cannot be read
     */
    public static List<MuriJob> readJobs(Path file) throws IOException, WorkloadFormatException {
        return TraceText.read(file, new BadRows(false), text -> {
            List<MuriJob> jobs = new ArrayList<>();
            read(text, jobs);
            return List.copyOf(jobs);
        });
    }

    private static Workload read(TraceText text, List<MuriJob> jobs) throws IOException, WorkloadFormatException {
        CsvRows rows = CsvRows.of(text, LAYOUT);
        ArrivalList arrivals = text.arrivals();
        rows.forEach(row -> {
            MuriJob job = job(row);
            arrivals.add(arrival(job), row.line(), "the job_id " + job.jobId());
            jobs.add(job);
        });
        return arrivals.workload(
                text.name(),
                TraceFormat.MURI,
                new ReadingNotes(rows.fieldsWithoutCounterpart(), List.of(), List.of(), Map.of()));
    }

    private static MuriJob job(CsvRow row) {
        return new MuriJob(
                row.whole("job_id"),
                row.count("num_gpu"),
                row.decimal("submit_time"),
                row.decimal("iterations"),
                model(row),
                row.count("batch_size"),
                row.decimal("duration"),
                row.decimal("interval"),
                row.decimal("iteration_time"),
                Stream.of("resource_time_0", "resource_time_1", "resource_time_2")
                        .map(row::decimal)
                        .toList(),
                row.count("priority"));
    }

    private static String model(CsvRow row) {
        String model = row.text("model_name");
        if (model.isEmpty()) {
            throw new InvalidFieldException("model_name", "empty", "a name");
        }
        return model;
    }

    private static Arrival arrival(MuriJob job) {
        return new Arrival(
                Math.round(job.submitMs()),
                new TaskSpec(
                                new TaskId("muri-" + job.jobId()),
                                PoolId.DEFAULT,
                                USER,
                                Priority.NORMAL,
                                GpuRequest.whole(job.gpus(), 0),
                                0,
                                0,
                                List.of(),
                                TaskSpec.DEFAULT_MAX_ATTEMPTS,
                                Work.lasting(Math.round(job.durationMs())))
                        .overAnyNodes());
    }
}
