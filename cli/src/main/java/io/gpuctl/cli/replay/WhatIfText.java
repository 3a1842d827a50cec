package io.gpuctl.cli.replay;

import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.units.Durations;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.MetricValue;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.TaskOutcome;
import io.gpuctl.experiments.whatif.WhatIf;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows how a recorded run would have gone under another policy: its metrics next to the recorded ones, and the tasks
 * with the largest changes.
 */
final class WhatIfText {
    private static final int TASKS_SHOWN_MAX = 10;
    private static final String BEST = " *";
    private static final String NOT_BEST = "  ";

    private WhatIfText() {}

    /** The change of a task that completed in both runs. */
    private record Change(String taskId, double recordedSeconds, double otherSeconds) {
        double seconds() {
            return otherSeconds - recordedSeconds;
        }
    }

    static List<String> lines(WhatIf.Answer answer, Path directory, double seconds) {
        List<String> lines =
                new ArrayList<>(metrics(answer.recorded(), answer.other()).lines());
        lines.add("* the better value");
        List<Change> changes = changes(answer);
        tasks("Tasks that gained most", changes, Comparator.comparingDouble(Change::seconds), lines);
        tasks(
                "Tasks that lost most",
                changes,
                Comparator.comparingDouble(Change::seconds).reversed(),
                lines);
        lines.add("");
        lines.add("%,d tasks completed both times: %,d sooner, %,d later, %,d at the same time"
                .formatted(
                        changes.size(),
                        changes.stream().filter(change -> change.seconds() < 0).count(),
                        changes.stream().filter(change -> change.seconds() > 0).count(),
                        changes.stream().filter(change -> change.seconds() == 0).count()));
        answer.notes().forEach(note -> lines.add("note: " + note));
        lines.add(
                "%,d facts in %.1f s. In %s: log/ (for gpuctl replay), report.html, summary.csv, metrics.csv, tasks.parquet"
                        .formatted(answer.facts(), seconds, directory));
        return lines;
    }

    private static Table metrics(RunResult recorded, RunResult other) {
        Table table = new Table(
                Column.left("METRIC"),
                Column.right(recorded.key().policy().toUpperCase(Locale.ROOT)),
                Column.right(other.key().policy().toUpperCase(Locale.ROOT)),
                Column.right("DIFFERENCE"),
                Column.right("%"));
        Map<Metric, Double> before = ofWholeRun(recorded);
        Map<Metric, Double> after = ofWholeRun(other);
        Set<Metric> all = EnumSet.noneOf(Metric.class);
        all.addAll(before.keySet());
        all.addAll(after.keySet());
        for (Metric metric : all) {
            row(table, metric, before.get(metric), after.get(metric));
        }
        return table;
    }

    private static Map<Metric, Double> ofWholeRun(RunResult run) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        for (MetricValue value : run.metrics()) {
            if (value.at() == null) {
                values.put(value.metric(), value.value());
            }
        }
        return values;
    }

    private static void row(Table table, Metric metric, @Nullable Double before, @Nullable Double after) {
        if (before == null || after == null) {
            table.row(metric.id(), before == null ? "" : number(before), after == null ? "" : number(after), "", "");
            return;
        }
        double difference = after - before;
        boolean isOtherBetter = switch (metric.better()) {
            case LOWER -> difference < 0;
            case HIGHER -> difference > 0;
            case NEITHER -> false;
        };
        boolean isSame = difference == 0 || metric.better() == Metric.Better.NEITHER;
        table.row(
                metric.id(),
                number(before) + (isSame || isOtherBetter ? NOT_BEST : BEST),
                number(after) + (isSame || !isOtherBetter ? NOT_BEST : BEST),
                signed(difference),
                before == 0 || difference == 0 ? "" : "%+,.1f".formatted(100 * difference / before));
    }

    private static String number(double value) {
        return "%,.2f".formatted(value);
    }

    private static String signed(double value) {
        return value == 0 ? "0" : "%+,.2f".formatted(value);
    }

    private static List<Change> changes(WhatIf.Answer answer) {
        Map<String, Double> before = new LinkedHashMap<>();
        for (TaskOutcome task : answer.recorded().tasks()) {
            Double jct = task.jctSeconds();
            if (jct != null) {
                before.put(task.taskId(), jct);
            }
        }
        List<Change> changes = new ArrayList<>();
        for (TaskOutcome task : answer.other().tasks()) {
            Double recorded = before.get(task.taskId());
            Double jct = task.jctSeconds();
            if (recorded != null && jct != null) {
                changes.add(new Change(task.taskId(), recorded, jct));
            }
        }
        return changes;
    }

    /** Adds the first tasks of the order that gained, or lost. */
    private static void tasks(String heading, List<Change> changes, Comparator<Change> order, List<String> lines) {
        boolean isGain = order.compare(new Change("", 1, 0), new Change("", 0, 1)) < 0;
        List<Change> most = changes.stream()
                .filter(change -> isGain ? change.seconds() < 0 : change.seconds() > 0)
                .sorted(order.thenComparing(Change::taskId))
                .limit(TASKS_SHOWN_MAX)
                .toList();
        lines.add("");
        if (most.isEmpty()) {
            lines.add(heading + ": none");
            return;
        }
        lines.add(heading);
        Table table = new Table(
                Column.left("TASK"), Column.right("JCT RECORDED"), Column.right("JCT NEW"), Column.right("DIFFERENCE"));
        for (Change change : most) {
            table.row(
                    change.taskId(),
                    human(change.recordedSeconds()),
                    human(change.otherSeconds()),
                    (change.seconds() < 0 ? "-" : "+") + human(Math.abs(change.seconds())));
        }
        lines.addAll(table.lines());
    }

    private static String human(double seconds) {
        return Durations.human(Math.round(seconds * 1_000));
    }
}
