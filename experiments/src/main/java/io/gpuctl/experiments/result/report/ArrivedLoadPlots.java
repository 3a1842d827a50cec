package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.summary.Estimate;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Plots allocation and fragmentation against the arrived load. */
record ArrivedLoadPlots(Styles styles) implements Plots {

    /** Distance between two readouts, in % of arrived load. */
    private static final int READOUT_STEP_PERCENT = 5;

    /** Arrived load in % at which the allocations of policies begin to differ. */
    private static final int CLOSE_UP_PERCENT = 80;

    @Override
    public String of(Section section) {
        if (section.groups().stream()
                .allMatch(group -> group.of(Metric.ALLOCATED).isEmpty())) {
            return "";
        }
        return "<div class=\"plots\">\n"
                + Plots.figure(
                        "GPU allocation",
                        "allocated GPUs in % of all, against the load that has arrived",
                        chart(section, Metric.ALLOCATED, 0))
                + Plots.figure(
                        "GPU allocation, close up",
                        "the same from " + CLOSE_UP_PERCENT + " % on",
                        chart(section, Metric.ALLOCATED, CLOSE_UP_PERCENT))
                + Plots.figure(
                        "Fragmentation of all GPUs",
                        "free GPUs that the workload's tasks cannot use, in % of all",
                        chart(section, Metric.FRAGMENTED, 0))
                + Plots.figure(
                        "Fragmentation of idle GPUs",
                        "the same in % of the free ones",
                        chart(section, Metric.FRAGMENTED_OF_IDLE, 0))
                + "</div>\n";
    }

    /** Returns a chart; empty if fewer than two loads were measured. */
    private String chart(Section section, Metric metric, int fromPercent) {
        List<Line> lines = new ArrayList<>();
        SortedSet<Integer> loads = new TreeSet<>();
        for (RunGroup group : section.groups()) {
            SortedMap<Integer, Estimate> estimates = group.of(metric).tailMap(fromPercent);
            if (!estimates.isEmpty()) {
                loads.addAll(estimates.keySet());
                lines.add(line(group.key().policy(), estimates));
            }
        }
        if (loads.size() < 2) {
            return "";
        }
        boolean isWhole = fromPercent == 0;
        Axis x = Axis.exactly(fromPercent, loads.last(), isWhole ? 20 : 10, "arrived load, % of GPU capacity");
        return new LineChart(
                        metric.title() + " against arrived load; the values are in the table and in summary.csv",
                        x,
                        Axis.numbers(isWhole ? 0 : lowest(lines), highest(lines), ""),
                        lines,
                        readouts(section, metric, loads),
                        true)
                .svg();
    }

    private static double lowest(List<Line> lines) {
        return lines.stream()
                .flatMap(line -> line.band().stream())
                .mapToDouble(Line.Interval::low)
                .min()
                .orElse(0);
    }

    private static double highest(List<Line> lines) {
        return lines.stream()
                .flatMap(line -> line.band().stream())
                .mapToDouble(Line.Interval::high)
                .max()
                .orElse(0);
    }

    /** Returns a line with a band. For a single seed, the band is as thin as the line. */
    private Line line(String policy, SortedMap<Integer, Estimate> estimates) {
        List<Line.Point> points = new ArrayList<>();
        List<Line.Interval> band = new ArrayList<>();
        for (Map.Entry<Integer, Estimate> entry : estimates.entrySet()) {
            Estimate estimate = entry.getValue();
            points.add(new Line.Point(entry.getKey(), estimate.mean()));
            band.add(new Line.Interval(entry.getKey(), estimate.low(), estimate.high()));
        }
        return new Line(policy, styles.of(policy), points, band);
    }

    private List<Readout> readouts(Section section, Metric metric, SortedSet<Integer> loads) {
        List<Readout> readouts = new ArrayList<>();
        for (int load : loads) {
            if (load % READOUT_STEP_PERCENT == 0) {
                readouts.add(new Readout(load, load + " % arrived", values(section, metric, load)));
            }
        }
        return readouts;
    }

    /** Returns the values in the order of the lines, the highest first. */
    private List<Readout.Value> values(Section section, Metric metric, int load) {
        List<Readout.Value> values = new ArrayList<>();
        for (RunGroup group : section.groups()) {
            Estimate estimate = group.of(metric).get(load);
            if (estimate != null) {
                double mean = estimate.mean();
                values.add(Plots.value(styles, group, mean, HumanNumber.fixed(mean, 2) + " %"));
            }
        }
        values.sort(Comparator.comparingDouble(Readout.Value::y).reversed());
        return values;
    }
}
