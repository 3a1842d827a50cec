package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.UtilisationPoint;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Plots allocated GPUs, power and heat over time, in a small chart for each policy, all with the same axes. */
record TimePlots(Styles styles) implements Plots {

    private static final int READOUTS = 30;

    /** A quantity to draw over time. */
    private record Quantity(
            String title, String about, String unit, ToDoubleFunction<UtilisationPoint> value, Axis axis) {}

    @Override
    public String of(Section section) {
        List<RunGroup> groups = section.groups().stream()
                .filter(group -> !group.utilisation().isEmpty())
                .toList();
        List<RunGroup> powered = groups.stream()
                .filter(group -> group.utilisation().getFirst().powerWatts() != null)
                .toList();
        Quantity allocation = new Quantity(
                "GPU allocation over time",
                "Allocated GPUs in % of all, in the first seed's run.",
                "%",
                UtilisationPoint::allocatedPercent,
                Axis.exactly(0, 100, 25, ""));
        return row(groups, allocation) + (powered.isEmpty() ? "" : row(powered, power(powered))) + heat(groups);
    }

    private String heat(List<RunGroup> groups) {
        List<RunGroup> sensed = groups.stream()
                .filter(group -> group.utilisation().getFirst().heat() != null)
                .toList();
        if (sensed.isEmpty()) {
            return "";
        }
        double hottest = highest(sensed, TimePlots::hottestCelsius);
        double slowed = highest(sensed, TimePlots::slowedPercent);
        return row(
                        sensed,
                        new Quantity(
                                "Hottest GPU over time",
                                "The hottest GPU of all, in °C, in the first seed's run.",
                                "°C",
                                TimePlots::hottestCelsius,
                                Axis.numbers(0, hottest, "")))
                + (slowed == 0
                        ? Html.element("p", "about", "Heat slowed no GPU in the first seed's runs.")
                        : row(
                                sensed,
                                new Quantity(
                                        "GPUs slowed by heat over time",
                                        "GPUs whose clock heat holds down, in % of all, in the first seed's run.",
                                        "%",
                                        TimePlots::slowedPercent,
                                        Axis.numbers(0, slowed, ""))));
    }

    private static double highest(List<RunGroup> groups, ToDoubleFunction<UtilisationPoint> value) {
        return groups.stream()
                .flatMap(group -> group.utilisation().stream())
                .mapToDouble(value)
                .max()
                .orElse(0);
    }

    private static double hottestCelsius(UtilisationPoint point) {
        return point.heat() == null ? 0 : point.heat().hottestCelsius();
    }

    private static double slowedPercent(UtilisationPoint point) {
        return point.heat() == null ? 0 : point.heat().slowedPercent();
    }

    private static Quantity power(List<RunGroup> groups) {
        return new Quantity(
                "Power over time",
                "What all nodes draw, in kW, in the first seed's run.",
                "kW",
                TimePlots::kilowatts,
                Axis.numbers(0, highest(groups, TimePlots::kilowatts), ""));
    }

    private static double kilowatts(UtilisationPoint point) {
        return point.powerWatts() == null ? 0 : point.powerWatts() / 1_000;
    }

    private String row(List<RunGroup> groups, Quantity quantity) {
        if (groups.isEmpty()) {
            return "";
        }
        double longestSeconds =
                groups.stream().mapToDouble(TimePlots::endSeconds).max().orElse(0);
        Axis time = Axis.time(longestSeconds, "");
        StringBuilder html = new StringBuilder(Html.element("h3", quantity.title()));
        html.append(Html.element("p", "about", quantity.about())).append("<div class=\"small plots\">\n");
        groups.forEach(group -> html.append(figure(group, quantity, time)));
        return html.append("</div>\n").toString();
    }

    private String figure(RunGroup group, Quantity quantity, Axis time) {
        String policy = group.key().policy();
        List<Line.Point> points = group.utilisation().stream()
                .map(point ->
                        new Line.Point(point.timeSeconds(), quantity.value().applyAsDouble(point)))
                .toList();
        AreaChart chart = new AreaChart(
                quantity.title() + ", " + policy,
                time,
                quantity.axis(),
                styles.of(policy),
                points,
                endSeconds(group),
                readouts(group, points, quantity.unit()));
        return Plots.figure(policy, "", chart.svg());
    }

    private List<Readout> readouts(RunGroup group, List<Line.Point> points, String unit) {
        List<Readout> readouts = new ArrayList<>();
        int step = Math.max(1, points.size() / READOUTS);
        for (int i = 0; i < points.size(); i += step) {
            Line.Point point = points.get(i);
            String text = HumanNumber.fixed(point.y(), 1) + " " + unit;
            readouts.add(new Readout(
                    point.x(),
                    "after " + HumanNumber.duration(point.x()),
                    List.of(Plots.value(styles, group, point.y(), text))));
        }
        return readouts;
    }

    /** Returns the end of the run; the last point is assumed to last as long as the one before. */
    private static double endSeconds(RunGroup group) {
        List<UtilisationPoint> points = group.utilisation();
        double last = points.getLast().timeSeconds();
        return points.size() == 1
                ? last + 1
                : 2 * last - points.get(points.size() - 2).timeSeconds();
    }
}
