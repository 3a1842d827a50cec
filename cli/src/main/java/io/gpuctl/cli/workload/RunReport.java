package io.gpuctl.cli.workload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.units.Durations;
import io.gpuctl.experiments.trace.ReadingNotes;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The summary of a workload's run, for people and for programs. */
record RunReport(RunSummary summary, Refusals refusals, Throughput throughput, ReadingNotes notes) {

    static final int CHART_COLUMNS = 60;

    /**
     * The speed of this process. After a restart, covers only the rest of the run.
     *
     * @param speed of cluster time
     * @param wallTime of the run
     * @param submissions the number of submissions that the API accepted
     * @param feedingTime wall time from the start to the last of them
     */
    record Throughput(double speed, Duration wallTime, int submissions, Duration feedingTime) {

        double submissionsPerSecond() {
            return feedingTime.isZero() ? 0 : submissions * 1e9 / feedingTime.toNanos();
        }
    }

    /**
     * Returns the number of the workload's tasks in each state. Tasks that the API refused as never fitting count as
     * rejected.
     */
    private Map<String, Integer> tasksByState() {
        Map<String, Integer> counts = new TreeMap<>();
        for (TaskState state : TaskState.values()) {
            int refused = state == TaskState.REJECTED ? refusals.rejected() : 0;
            int count = summary.status().in(state) + refused;
            if (count > 0 || state.isFinal()) {
                counts.put(state.name().toLowerCase(Locale.ROOT), count);
            }
        }
        return counts;
    }

    private Map<String, Integer> rejectionsByReason() {
        Map<String, Integer> counts = new TreeMap<>(refusals.rejectionsByReason());
        summary.rejectionsByReason()
                .forEach((code, count) ->
                        counts.merge(EventJson.mapper().convertValue(code, String.class), count, Integer::sum));
        return counts;
    }

    String toText() {
        var counts = new Table(Column.left("TASKS"), Column.right("COUNT"));
        tasksByState().forEach((state, count) -> counts.row(state, Integer.toString(count)));
        counts.row("sum", Integer.toString(sum()));
        var times = new Table(
                Column.left("SIMULATED TIME"),
                Column.right("TASKS"),
                Column.right("P50"),
                Column.right("P95"),
                Column.right("P99"),
                Column.right("MAX"));
        row(times, "queueing (submission to first placement)", summary.queueing());
        row(times, "JCT (submission to completion)", summary.completion());
        var allocation = summary.gpuAllocation();
        return String.join(
                "\n\n",
                counts.toString() + reasons(),
                times.toString(),
                "GPU allocation over simulated time: mean %.1f%%, max %.1f%%\n"
                                .formatted(100 * allocation.mean(), 100 * allocation.max())
                        + String.join("\n", AllocationChart.lines(allocation.overTime(), allocation.spanMs())),
                effort() + delay() + unused());
    }

    /** Returns the contents of the workload file that the run did not use. */
    private String unused() {
        String text = new NotesReport(notes).toText();
        return text.isEmpty() ? "" : "\n\n" + text;
    }

    private String effort() {
        return "%d attempts were repeated%s. %d submissions in %s, %.1f/s; wall time %s."
                .formatted(
                        summary.requeues(),
                        summary.preemptions() == 0
                                ? ""
                                : ", %d of them after a preemption".formatted(summary.preemptions()),
                        throughput.submissions(),
                        Durations.human(throughput.feedingTime().toSeconds() * 1_000),
                        throughput.submissionsPerSecond(),
                        Durations.human(throughput.wallTime().toSeconds() * 1_000));
    }

    /**
     * Explains how the services' own delays, which are wall-clock time, are multiplied by the speed in the reported
     * times.
     */
    private String delay() {
        return throughput.speed() <= 1
                ? ""
                : "\nAt speed %s each millisecond of the services' own delay counts as %s of simulated time."
                        .formatted(
                                Double.toString(throughput.speed()).replaceFirst("\\.0$", ""),
                                Durations.human(Math.max(1, Math.round(throughput.speed()))));
    }

    private String reasons() {
        StringBuilder lines = new StringBuilder();
        rejectionsByReason()
                .forEach((reason, count) ->
                        lines.append("\nrejected: ").append(count).append(' ').append(reason));
        refusals.unexpected()
                .ifPresent(
                        first -> lines.append("\nrefused:  %d, the first was %s".formatted(refusals.others(), first)));
        return lines.toString();
    }

    private int sum() {
        return tasksByState().values().stream().mapToInt(Integer::intValue).sum();
    }

    private static void row(Table table, String name, RunSummary.Percentiles times) {
        boolean none = times.count() == 0;
        table.row(
                name,
                Long.toString(times.count()),
                none ? "" : Durations.human(times.p50Ms()),
                none ? "" : Durations.human(times.p95Ms()),
                none ? "" : Durations.human(times.p99Ms()),
                none ? "" : Durations.human(times.maxMs()));
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("tasks_total", summary.status().tasksTotal());
        tasksByState().forEach(json.putObject("tasks_by_state")::put);
        rejectionsByReason().forEach(json.putObject("rejections_by_reason")::put);
        json.put("refused", refusals.others());
        json.put("requeues", summary.requeues());
        json.put("preemptions", summary.preemptions());
        put(json.putObject("queueing_ms"), summary.queueing());
        put(json.putObject("jct_ms"), summary.completion());
        var allocation = summary.gpuAllocation();
        var gpus = json.putObject("gpu_allocation");
        gpus.put("mean", rounded(allocation.mean())).put("max", rounded(allocation.max()));
        gpus.put("span_ms", allocation.spanMs());
        allocation.overTime().forEach(share -> gpus.withArray("over_time").add(rounded(share)));
        json.put("speed", throughput.speed());
        json.put("submissions", throughput.submissions());
        json.put("submissions_per_second", rounded(throughput.submissionsPerSecond()));
        json.put("wall_time_ms", throughput.wallTime().toMillis());
        json.set("workload_notes", new NotesReport(notes).toJson());
        return json;
    }

    private static void put(ObjectNode json, RunSummary.Percentiles times) {
        json.put("count", times.count())
                .put("p50", times.p50Ms())
                .put("p95", times.p95Ms())
                .put("p99", times.p99Ms())
                .put("max", times.maxMs());
    }

    /** Rounds to four decimals: the rest is noise. */
    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }
}
