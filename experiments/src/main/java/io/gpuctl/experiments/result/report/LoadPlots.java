package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.summary.Estimate;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plots metrics against the load, in a section for each workload that was run at several loads. */
record LoadPlots(Styles styles) {

    private static final List<Metric> METRICS = List.of(
            Metric.QUEUEING_MEAN,
            Metric.JCT_MEAN,
            Metric.BOUNDED_SLOWDOWN_MEAN,
            Metric.THROTTLED_GPU_HOURS,
            Metric.ENERGY,
            Metric.GOODPUT);

    String of(List<Section> sections) {
        Map<String, List<RunGroup>> byWorkload = new LinkedHashMap<>();
        for (Section section : sections) {
            for (RunGroup group : section.groups()) {
                if (group.key().load() != null) {
                    byWorkload
                            .computeIfAbsent(group.key().workload(), _ -> new ArrayList<>())
                            .add(group);
                }
            }
        }
        StringBuilder html = new StringBuilder();
        byWorkload.forEach((workload, groups) -> html.append(section(workload, groups)));
        return html.toString();
    }

    private String section(String workload, List<RunGroup> groups) {
        StringBuilder figures = new StringBuilder();
        METRICS.forEach(metric -> figures.append(figure(metric, groups)));
        if (figures.isEmpty()) {
            return "";
        }
        List<String> policies =
                groups.stream().map(group -> group.key().policy()).distinct().toList();
        return "<section>\n"
                + Html.element("h2", workload + ", against the load")
                + styles.legend(policies)
                + "<div class=\"plots\">\n" + figures + "</div>\n</section>\n";
    }

    /**
     * Returns a figure of the policies that have at least two loads; empty if there are none, or if all values are 0.
     */
    private String figure(Metric metric, List<RunGroup> groups) {
        Map<String, SortedMap<BigDecimal, Estimate>> byPolicy = new LinkedHashMap<>();
        for (RunGroup group : groups) {
            Estimate estimate = group.of(metric).get(RunGroup.WHOLE_RUN);
            BigDecimal load = group.key().load();
            if (estimate != null && load != null) {
                byPolicy.computeIfAbsent(group.key().policy(), _ -> new TreeMap<>())
                        .put(load, estimate);
            }
        }
        byPolicy.values().removeIf(estimates -> estimates.size() < 2);
        double highest = byPolicy.values().stream()
                .flatMap(estimates -> estimates.values().stream())
                .mapToDouble(Estimate::high)
                .max()
                .orElse(0);
        return highest > 0
                ? Plots.figure(metric.title(), about(metric, highest), chart(metric, byPolicy, highest))
                : "";
    }

    private static HumanNumber.TimeUnit unit(Metric metric, double highest) {
        return metric.unit() == Metric.Unit.SECONDS
                ? HumanNumber.timeUnit(highest)
                : new HumanNumber.TimeUnit(metric.unit().symbol(), 1);
    }

    private static String about(Metric metric, double highest) {
        String symbol = unit(metric, highest).symbol();
        return symbol.isEmpty() ? "" : "in " + symbol;
    }

    private String chart(Metric metric, Map<String, SortedMap<BigDecimal, Estimate>> byPolicy, double highest) {
        double scale = unit(metric, highest).seconds();
        var loads = new TreeMap<BigDecimal, List<Readout.Value>>();
        List<Line> lines = new ArrayList<>();
        byPolicy.forEach((policy, estimates) -> {
            List<Line.Point> points = new ArrayList<>();
            List<Line.Interval> band = new ArrayList<>();
            estimates.forEach((load, estimate) -> {
                double x = load.doubleValue();
                double y = estimate.mean() / scale;
                points.add(new Line.Point(x, y));
                band.add(new Line.Interval(x, Math.max(0, estimate.low()) / scale, estimate.high() / scale));
                loads.computeIfAbsent(load, _ -> new ArrayList<>())
                        .add(new Readout.Value(
                                policy, styles.of(policy), y, HumanNumber.fixed(y, HumanNumber.decimals(y))));
            });
            lines.add(new Line(policy, styles.of(policy), points, band));
        });
        List<Readout> readouts = new ArrayList<>();
        loads.forEach((load, values) ->
                readouts.add(new Readout(load.doubleValue(), "load " + load.toPlainString(), values)));
        Axis x = Axis.numbers(
                loads.firstKey().doubleValue(), loads.lastKey().doubleValue(), "load, parts of the cluster's GPUs");
        return new LineChart(
                        metric.title() + " against the load; the values are in the tables and in summary.csv",
                        x,
                        Axis.numbers(0, highest / scale, ""),
                        lines,
                        readouts,
                        false)
                .svg();
    }
}
