package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.summary.Quantiles;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Plots the distributions of the tasks' times, with all seeds of a policy together. */
record DistributionPlots(Styles styles) implements Plots {

    private static final int READOUTS = 30;

    @Override
    public String of(Section section) {
        String jct = chart(section, RunGroup::jctSeconds, "JCT");
        String queueing = chart(section, RunGroup::queueingSeconds, "queueing time");
        if (jct.isEmpty() && queueing.isEmpty()) {
            return "";
        }
        return styles.legend(section.policies())
                + "<div class=\"plots\">\n"
                + Plots.figure("Job completion time", "% of the completed tasks that took at most this long", jct)
                + Plots.figure("Queueing time", "% of the started tasks that waited at most this long", queueing)
                + "</div>\n";
    }

    private String chart(Section section, Function<RunGroup, Quantiles> times, String name) {
        List<RunGroup> groups = section.groups().stream()
                .filter(group -> times.apply(group).count() > 0)
                .toList();
        if (groups.isEmpty()) {
            return "";
        }
        double longestSeconds = groups.stream()
                .mapToDouble(group -> times.apply(group).points().getLast().value())
                .max()
                .orElse(0);
        Axis x = Axis.durations(longestSeconds, name);
        List<Line> lines = groups.stream()
                .map(group -> line(group, times.apply(group), x.min(), x.max()))
                .toList();
        return new LineChart(
                        "Cumulative distribution of " + name + " by policy; quantiles are in the table",
                        x,
                        Axis.exactly(0, 100, 20, ""),
                        lines,
                        readouts(groups, times, x),
                        false)
                .svg();
    }

    /** Returns a line in %. All values left of the axis become one point at its left end. */
    private Line line(RunGroup group, Quantiles times, double shortestSeconds, double longestSeconds) {
        List<Line.Point> points = new ArrayList<>();
        points.add(new Line.Point(shortestSeconds, 100 * times.shareUpTo(shortestSeconds)));
        for (Quantiles.Point point : times.points()) {
            if (point.value() > shortestSeconds) {
                points.add(new Line.Point(point.value(), 100 * point.share()));
            }
        }
        // Needed if all values lie at the left end, because a line of one point is invisible.
        points.add(new Line.Point(longestSeconds, 100 * times.shareUpTo(longestSeconds)));
        String policy = group.key().policy();
        return new Line(policy, styles.of(policy), points, List.of());
    }

    private List<Readout> readouts(List<RunGroup> groups, Function<RunGroup, Quantiles> times, Axis x) {
        List<Readout> readouts = new ArrayList<>();
        for (int i = 0; i <= READOUTS; i++) {
            double seconds = x.valueAt((double) i / READOUTS);
            List<Readout.Value> values = new ArrayList<>();
            for (RunGroup group : groups) {
                double percent = 100 * times.apply(group).shareUpTo(seconds);
                values.add(Plots.value(styles, group, percent, HumanNumber.fixed(percent, 1) + " %"));
            }
            readouts.add(new Readout(seconds, "at most " + HumanNumber.duration(seconds), values));
        }
        return readouts;
    }
}
