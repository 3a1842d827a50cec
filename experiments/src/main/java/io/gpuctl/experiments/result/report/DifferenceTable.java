package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.summary.Estimate;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.util.List;
import java.util.Optional;

/**
 * A table of the differences between policies and a baseline policy, seed by seed. The common effect of a seed cancels
 * out, so the intervals are much narrower than the intervals of the means.
 */
final class DifferenceTable {

    /** The baseline if it is among the policies; otherwise the first policy is the baseline. */
    private static final String USUAL_BASELINE = "fifo";

    private static final List<Metric> METRICS = List.of(
            Metric.JCT_MEAN,
            Metric.JCT_P99,
            Metric.QUEUEING_MEAN,
            Metric.BOUNDED_SLOWDOWN_MEAN,
            Metric.MAKESPAN,
            Metric.WASTED_GPU_HOURS,
            Metric.ENERGY,
            Metric.THROTTLED_GPU_HOURS,
            Metric.GOODPUT,
            Metric.LOST_GPU_HOURS);

    private DifferenceTable() {}

    /** Returns the table; empty for a single policy or a single seed. */
    static String of(Section section) {
        if (section.groups().size() < 2 || section.mostRuns() < 2) {
            return "";
        }
        RunGroup baseline = section.of(USUAL_BASELINE).orElse(section.groups().getFirst());
        List<RunGroup> others = section.groups().stream()
                .filter(group -> !group.key().equals(baseline.key()))
                .toList();
        StringBuilder rows = new StringBuilder();
        METRICS.forEach(metric -> rows.append(row(metric, baseline, others)));
        if (rows.isEmpty()) {
            return "";
        }
        StringBuilder html = new StringBuilder(
                Html.element("h3", "Differences to " + baseline.key().policy()));
        html.append(Html.element(
                "p",
                "about",
                "Mean of the differences seed by seed, ± the 95 % confidence interval of that mean. Bold: 0 is outside of the"
                        + " interval."));
        html.append("<div class=\"scroll\"><table class=\"many\"><thead><tr><th scope=\"col\">Metric</th>");
        others.forEach(group -> html.append(
                "<th scope=\"col\">%s</th>".formatted(Html.escape(group.key().policy()))));
        return html.append("</tr></thead><tbody>\n")
                .append(rows)
                .append("</tbody></table></div>\n")
                .toString();
    }

    private static String row(Metric metric, RunGroup baseline, List<RunGroup> others) {
        List<Optional<Estimate>> differences = others.stream()
                .map(group -> group.differenceTo(baseline, metric, RunGroup.WHOLE_RUN))
                .toList();
        double largest = differences.stream()
                .flatMap(Optional::stream)
                .mapToDouble(difference -> Math.abs(difference.mean()))
                .max()
                .orElse(0);
        if (largest == 0) {
            return "";
        }
        HumanNumber.TimeUnit unit = metric.unit() == Metric.Unit.SECONDS
                ? HumanNumber.timeUnit(largest)
                : new HumanNumber.TimeUnit(metric.unit().symbol(), 1);
        int decimals = HumanNumber.decimals(largest / unit.seconds());
        StringBuilder html = new StringBuilder("<tr><th scope=\"row\">").append(Html.escape(metric.title()));
        if (!unit.symbol().isEmpty()) {
            html.append(" <span class=\"unit\">").append(unit.symbol()).append("</span>");
        }
        html.append("</th>");
        differences.forEach(difference ->
                html.append(difference.map(found -> cell(found, unit, decimals)).orElse("<td class=\"none\">–</td>")));
        return html.append("</tr>\n").toString();
    }

    private static String cell(Estimate difference, HumanNumber.TimeUnit unit, int decimals) {
        String sign = difference.mean() > 0 ? "+" : "";
        String number = sign + HumanNumber.fixed(difference.mean() / unit.seconds(), decimals);
        boolean isCertain = difference.halfWidth().isPresent() && (difference.low() > 0 || difference.high() < 0);
        String interval = difference.halfWidth().isEmpty()
                ? ""
                : "<span class=\"ci\">± %s</span>"
                        .formatted(HumanNumber.fixed(difference.halfWidth().getAsDouble() / unit.seconds(), decimals));
        return "<td>%s%s</td>".formatted(isCertain ? "<b>" + number + "</b>" : number, interval);
    }
}
