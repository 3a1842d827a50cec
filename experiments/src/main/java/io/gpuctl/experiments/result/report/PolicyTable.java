package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.summary.Estimate;
import io.gpuctl.experiments.result.summary.RunGroup;
import io.gpuctl.experiments.result.summary.TaskClass;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tables of the report, with a row for each metric and a column for each policy. */
record PolicyTable(Styles styles) {

    /** The arrived loads that a table shows, in %: those of the published comparisons. */
    private static final int[] ARRIVED = {80, 90, 100};

    private static final int POLICIES_BESIDE_INTERVALS = 5;

    /** Returns a table of all metrics of the section's runs, without counts that are 0 everywhere. */
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

    /**
     * Returns tables of the most important metrics with a row for each workload; empty if there is only one workload.
     */
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

    /** Returns tables of the tasks' times by size and by user. Leaves out a table with only one size or user. */
    String classes(Section section) {
        return classes(section, "By the size of tasks", "Size", RunGroup::bySize)
                + classes(section, "By user", "User", RunGroup::byUser);
    }

    private String classes(Section section, String title, String corner, Function<RunGroup, List<TaskClass>> of) {
        var names = new LinkedHashSet<String>();
        section.groups().forEach(group -> of.apply(group).forEach(own -> names.add(own.name())));
        if (names.size() < 2) {
            return "";
        }
        StringBuilder html = new StringBuilder(Html.element("h3", title));
        html.append(opening(section.policies(), corner));
        for (String name : names) {
            html.append(
                    classRow(section, Metric.QUEUEING_MEAN, name + ", queueing", name, of, TaskClass::queueingSeconds));
            html.append(classRow(section, Metric.JCT_MEAN, name + ", JCT", name, of, TaskClass::jctSeconds));
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    private static String classRow(
            Section section,
            Metric metric,
            String heading,
            String name,
            Function<RunGroup, List<TaskClass>> of,
            Function<TaskClass, Optional<Estimate>> time) {
        List<@Nullable Estimate> estimates = new ArrayList<>();
        for (RunGroup group : section.groups()) {
            estimates.add(of.apply(group).stream()
                    .filter(own -> own.name().equals(name))
                    .findFirst()
                    .flatMap(time)
                    .orElse(null));
        }
        return new MetricRow(metric, heading, estimates).html();
    }

    private String opening(List<String> policies, String corner) {
        // With many policies, intervals go under the numbers, so that all columns fit on the page.
        String many = policies.size() > POLICIES_BESIDE_INTERVALS ? " class=\"many\"" : "";
        StringBuilder html = new StringBuilder(
                "<div class=\"scroll\"><table" + many + "><thead><tr><th scope=\"col\">" + corner + "</th>");
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
