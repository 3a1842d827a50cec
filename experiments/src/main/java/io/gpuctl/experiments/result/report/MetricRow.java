package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.summary.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One metric of several policies side by side, in a unit that suits them all, the best marked.
 *
 * @param heading the metric, and its unit
 * @param estimates one for each policy; null where it has none
 */
record MetricRow(Metric metric, String heading, List<@Nullable Estimate> estimates) {

    private static final String BEST = "★";

    /** Divides seconds to the unit of the row. */
    private HumanNumber.TimeUnit unit() {
        return metric.unit() == Metric.Unit.SECONDS
                ? HumanNumber.timeUnit(largest())
                : new HumanNumber.TimeUnit(metric.unit().symbol(), 1);
    }

    private double largest() {
        return estimates.stream()
                .filter(Objects::nonNull)
                .mapToDouble(estimate -> Math.abs(estimate.mean()))
                .max()
                .orElse(0);
    }

    private int decimals() {
        boolean allWhole = estimates.stream()
                .filter(Objects::nonNull)
                .allMatch(estimate -> estimate.mean() == Math.rint(estimate.mean()));
        return switch (metric.unit()) {
            case PERCENT -> 2;
            case COUNT -> allWhole ? 0 : 1;
            case SECONDS, RATIO, GPU_HOURS, KILOWATT_HOURS -> HumanNumber.decimals(largest() / unit().seconds());
        };
    }

    /**
     * Empty if none is better than another, and where chance may have chosen: where the interval of the best mean overlaps
     * that of another.
     */
    private OptionalDouble best() {
        OptionalDouble best = bestMean();
        return best.isPresent() && isApart(best.getAsDouble()) ? best : OptionalDouble.empty();
    }

    private boolean isApart(double bestMean) {
        List<Estimate> best = new ArrayList<>();
        List<Estimate> others = new ArrayList<>();
        for (Estimate estimate : estimates) {
            if (estimate != null) {
                (estimate.mean() == bestMean ? best : others).add(estimate);
            }
        }
        return others.stream()
                .noneMatch(
                        other -> best.stream().anyMatch(one -> one.low() <= other.high() && other.low() <= one.high()));
    }

    private OptionalDouble bestMean() {
        List<Double> means = new ArrayList<>();
        for (Estimate estimate : estimates) {
            if (estimate != null) {
                means.add(estimate.mean());
            }
        }
        if (means.stream().distinct().count() < 2) {
            return OptionalDouble.empty();
        }
        var stream = means.stream().mapToDouble(Double::doubleValue);
        return switch (metric.better()) {
            case LOWER -> stream.min();
            case HIGHER -> stream.max();
            case NEITHER -> OptionalDouble.empty();
        };
    }

    /** A count that is 0 everywhere: of something that did not occur. */
    boolean isIdle() {
        return metric.unit() == Metric.Unit.COUNT && largest() == 0;
    }

    /** A row of a table. */
    String html() {
        HumanNumber.TimeUnit unit = unit();
        int decimals = decimals();
        OptionalDouble best = best();
        String symbol = unit.symbol().isEmpty() ? "" : " <span class=\"unit\">" + unit.symbol() + "</span>";
        StringBuilder html = new StringBuilder("<tr>");
        html.append("<th scope=\"row\">")
                .append(Html.escape(heading))
                .append(symbol)
                .append("</th>");
        for (Estimate estimate : estimates) {
            html.append(cell(Optional.ofNullable(estimate), best, unit, decimals));
        }
        return html.append("</tr>\n").toString();
    }

    private static String cell(
            Optional<Estimate> present, OptionalDouble best, HumanNumber.TimeUnit unit, int decimals) {
        if (present.isEmpty()) {
            return "<td class=\"none\">–</td>";
        }
        Estimate estimate = present.get();
        boolean isBest = best.isPresent() && best.getAsDouble() == estimate.mean();
        String number = HumanNumber.fixed(estimate.mean() / unit.seconds(), decimals);
        String interval = interval(estimate, unit, decimals);
        return isBest
                ? "<td class=\"best\"><span class=\"star\" title=\"best of the row\">%s</span>%s%s</td>"
                        .formatted(BEST, number, interval)
                : "<td>" + number + interval + "</td>";
    }

    /** Empty of a single run; blank, so that the numbers stay in line, where there is no chance. */
    private static String interval(Estimate estimate, HumanNumber.TimeUnit unit, int decimals) {
        if (estimate.halfWidth().isEmpty()) {
            return "";
        }
        double halfWidth = estimate.halfWidth().getAsDouble() / unit.seconds();
        String text = halfWidth == 0 ? "" : "± " + atLeastShown(halfWidth, decimals);
        return "<span class=\"ci\">" + Html.escape(text) + "</span>";
    }

    /** What would be rounded to 0 is not 0. */
    private static String atLeastShown(double value, int decimals) {
        double smallest = Math.pow(10, -decimals);
        return value < smallest / 2 ? "<" + HumanNumber.fixed(smallest, decimals) : HumanNumber.fixed(value, decimals);
    }
}
