package io.gpuctl.cli.experiment;

import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.summary.Estimate;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares policies in tables, one for each workload and load, with the mean over the seeds. */
final class PolicyTables {

    /** The arrived load that a table shows, in %; if there is none, the last before it. */
    private static final int ARRIVED_PERCENT = 100;

    private final List<Metric> metrics;

    PolicyTables(List<Metric> metrics) {
        this.metrics = metrics;
    }

    List<String> lines(List<RunGroup> groups) {
        Map<String, List<RunGroup>> byHeading = new LinkedHashMap<>();
        groups.forEach(group -> byHeading
                .computeIfAbsent(heading(group), _ -> new ArrayList<>())
                .add(group));
        List<String> lines = new ArrayList<>();
        byHeading.forEach((heading, members) -> {
            lines.add(heading);
            lines.addAll(table(members).lines());
            lines.add("");
        });
        return lines;
    }

    private static String heading(RunGroup group) {
        RunKey key = group.key();
        return "%s%s, %s"
                .formatted(
                        key.workload(),
                        key.load() == null ? "" : ", load " + key.loadText(),
                        group.runs() == 1 ? "1 seed" : "mean of " + group.runs() + " seeds, +- 95 % confidence");
    }

    private Table table(List<RunGroup> groups) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.left("POLICY"));
        metrics.forEach(metric -> columns.add(Column.right(title(metric))));
        Table table = new Table(columns.toArray(Column[]::new));
        for (RunGroup group : groups) {
            List<String> cells = new ArrayList<>();
            cells.add(group.key().policy());
            metrics.forEach(metric -> cells.add(cell(metric, group)));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private static String title(Metric metric) {
        String at = metric.isAtArrivedLoad() ? " AT 100 %" : "";
        return metric.id().toUpperCase(Locale.ROOT) + at;
    }

    private static String cell(Metric metric, RunGroup group) {
        Map.Entry<Integer, Estimate> last =
                group.of(metric).headMap(ARRIVED_PERCENT + 1).lastEntry();
        if (last == null) {
            return "";
        }
        Estimate estimate = last.getValue();
        String mean = number(estimate.mean());
        return estimate.halfWidth().isPresent()
                ? mean + " +- " + number(estimate.halfWidth().getAsDouble())
                : mean;
    }

    private static String number(double value) {
        return "%,.2f".formatted(value);
    }
}
