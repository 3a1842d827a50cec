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
 * A table row with one metric of several policies, in a common unit, with the best value marked.
 *
 * @param heading heading of the row, without the unit
 * @param estimates one for each policy; null if the policy has none
 */
record MetricRow(Metric metric, String heading, List<@Nullable Estimate> estimates) {

    private static final String BEST = "★";

    /** Returns the unit of the row. */
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
     * Returns the best mean. Empty if no mean is better than another, or if the best may be chance because its interval
     * overlaps another.
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

    /** Returns whether the row is a count of something that never occurred. */
    boolean isIdle() {
        return metric.unit() == Metric.Unit.COUNT && largest() == 0;
    }

    /** Returns the row as HTML. */
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

    /**
     * Returns the interval; empty for a single run. An interval of width 0 is blank, so that the numbers stay aligned.
     */
    private static String interval(Estimate estimate, HumanNumber.TimeUnit unit, int decimals) {
        if (estimate.halfWidth().isEmpty()) {
            return "";
        }
        double halfWidth = estimate.halfWidth().getAsDouble() / unit.seconds();
        String text = halfWidth == 0 ? "" : "± " + atLeastShown(halfWidth, decimals);
        return "<span class=\"ci\">" + Html.escape(text) + "</span>";
    }

    /** Formats a value that is not 0, but may round to 0. */
    private static String atLeastShown(double value, int decimals) {
        double smallest = Math.pow(10, -decimals);
        return value < smallest / 2 ? "<" + HumanNumber.fixed(smallest, decimals) : HumanNumber.fixed(value, decimals);
    }
}
