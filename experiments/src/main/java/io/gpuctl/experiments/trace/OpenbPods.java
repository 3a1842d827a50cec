package io.gpuctl.experiments.trace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a pod list of the openb trace (Alibaba, cluster-trace-gpu-v2023). The columns are
 * {@code name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time},
 * with times in seconds from the start of the trace. A list may lack all columns after the fifth.
 */
final class OpenbPods {

    static final List<String> REQUESTS = List.of("name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli");

    private static final List<String> TIMES = List.of("creation_time", "deletion_time", "scheduled_time");

    private static final CsvRows.Layout LAYOUT = new CsvRows.Layout(
            REQUESTS,
            List.of("gpu_spec", "creation_time", "deletion_time", "scheduled_time"),
            Map.of(
                    "qos", "a task has no class of service, and the trace does not rank its classes",
                    "pod_phase", "the run does not repeat how a pod ended in the trace"),
            Map.of(
                    "task_id", "name",
                    "gpus.count", "num_gpu",
                    "gpus.milli", "gpu_milli",
                    "gpu_models", "gpu_spec",
                    "work.duration_ms", "the time up to deletion_time in ms"));

    private OpenbPods() {}

    /** Returns a task for each pod. */
    static Workload read(TraceText text) throws IOException, WorkloadFormatException {
        CsvRows rows = CsvRows.of(text, LAYOUT);
        boolean timed = isTimed(text, rows);
        ArrivalList arrivals = text.arrivals();
        var unscheduled = new RowCount();
        rows.forEach(row -> {
            var pod = new OpenbPodRow(row, rows.has("gpu_spec"), timed);
            arrivals.add(pod.toArrival(), row.line(), "the name " + row.text("name"));
            unscheduled.addIf(timed && !pod.wasScheduled());
        });
        return arrivals.workload(
                text.name(),
                TraceFormat.OPENB,
                new ReadingNotes(
                        rows.fieldsWithoutCounterpart(), List.of(), assumptions(timed, unscheduled.rows()), Map.of()));
    }

    private static boolean isTimed(TraceText text, CsvRows rows) throws WorkloadFormatException {
        boolean timed = TIMES.stream().anyMatch(rows::has);
        if (timed && !TIMES.stream().allMatch(rows::has)) {
            throw new WorkloadFormatException(
                    text.file(),
                    1,
                    "the header must name all of the columns %s or none: arrivals and durations need all"
                            .formatted(String.join(",", TIMES)));
        }
        return timed;
    }

    private static List<String> assumptions(boolean timed, long unscheduled) {
        List<String> assumptions = new ArrayList<>();
        if (!timed) {
            assumptions.add("the list has no times: all pods arrive at once and run for an hour");
        }
        if (unscheduled > 0) {
            assumptions.add("%d pods have no scheduled_time: they run as long as from creation_time to deletion_time"
                    .formatted(unscheduled));
        }
        return assumptions;
    }
}
