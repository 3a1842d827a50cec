package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.summary.Estimate;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tables of the report: metrics down, policies across. */
record PolicyTable(Styles styles) {

    /** Arrived loads of which a table shows the values, in %: where the published comparisons are made. */
    private static final int[] ARRIVED = {80, 90, 100};

    /** Every metric that the section's runs have. */
    String of(Section section) {
        StringBuilder html = new StringBuilder(opening(section.policies(), "Metric"));
        for (Metric metric : Metric.values()) {
            for (int at : loads(section, metric)) {
                String heading =
                        at == RunGroup.WHOLE_RUN ? metric.title() : metric.title() + ", at " + at + " % arrived";
                MetricRow row = new MetricRow(metric, heading, row(section.groups(), metric, at));
                html.append(row.isIdle() ? "" : row.html());
            }
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    /** The metrics that tell most, workloads down; nothing where there is but one workload to show. */
    String overviews(List<Section> sections) {
        return overview(sections, "GPU allocation at 100 % arrived load", Metric.ALLOCATED, 100)
                + overview(sections, "Mean JCT", Metric.JCT_MEAN, RunGroup.WHOLE_RUN);
    }

    private String overview(List<Section> all, String title, Metric metric, int at) {
        List<Section> sections = all.stream()
                .filter(section -> section.groups().stream()
                        .anyMatch(group -> group.of(metric).containsKey(at)))
                .toList();
        if (sections.size() < 2) {
            return "";
        }
        List<String> policies = sections.stream()
                .flatMap(section -> section.policies().stream())
                .distinct()
                .sorted()
                .toList();
        StringBuilder html = new StringBuilder("<section>\n").append(Html.element("h2", title));
        html.append(opening(policies, "Workload"));
        for (Section section : sections) {
            List<@Nullable Estimate> estimates = new ArrayList<>();
            for (String policy : policies) {
                estimates.add(section.of(policy)
                        .map(group -> group.of(metric).get(at))
                        .orElse(null));
            }
            html.append(new MetricRow(metric, section.title(), estimates).html());
        }
        return html.append("</tbody></table></div></section>\n").toString();
    }

    private String opening(List<String> policies, String corner) {
        StringBuilder html =
                new StringBuilder("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">" + corner + "</th>");
        for (String policy : policies) {
            html.append("<th scope=\"col\"><span class=\"swatch s%d\"></span>%s</th>"
                    .formatted(styles.of(policy), Html.escape(policy)));
        }
        return html.append("</tr></thead><tbody>\n").toString();
    }

    private static List<Integer> loads(Section section, Metric metric) {
        var measured = new TreeSet<Integer>();
        section.groups().forEach(group -> measured.addAll(group.of(metric).keySet()));
        if (!metric.isAtArrivedLoad() || measured.isEmpty()) {
            return List.copyOf(measured);
        }
        var shown = new TreeSet<Integer>();
        for (int at : ARRIVED) {
            if (measured.contains(at)) {
                shown.add(at);
            }
        }
        shown.add(measured.last());
        return List.copyOf(shown);
    }

    private static List<@Nullable Estimate> row(List<RunGroup> groups, Metric metric, int at) {
        List<@Nullable Estimate> estimates = new ArrayList<>();
        Function<RunGroup, @Nullable Estimate> estimate =
                group -> group.of(metric).get(at);
        groups.forEach(group -> estimates.add(estimate.apply(group)));
        return estimates;
    }
}
