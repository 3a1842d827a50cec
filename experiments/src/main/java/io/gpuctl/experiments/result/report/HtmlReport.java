package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.ExperimentDescription;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The report of an experiment as an HTML page. */
public final class HtmlReport {

    private static final String STYLE_SHEET = "report.css";

    private HtmlReport() {}

    /**
     * Returns the page as text, for UTF-8. The page does not refer to other files.
     *
     * @param groups in the order in which the page shows workloads and policies; the loads of each ascend
     * @param planned number of runs of the experiment, finished or not
     */
    public static String of(ExperimentDescription description, List<RunGroup> groups, int planned) {
        List<Section> sections = Section.of(groups);
        Styles styles = Styles.of(sections);
        PolicyTable table = new PolicyTable(styles);
        StringBuilder html = new StringBuilder();
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.append(Html.element("title", description.name()));
        html.append("<style>\n").append(styleSheet()).append("</style>\n</head>\n<body>\n");
        html.append(header(description, sections, styles, finished(groups), planned));
        html.append("<main>\n").append(table.overviews(sections)).append(new LoadPlots(styles).of(sections));
        for (int i = 0; i < sections.size(); i++) {
            html.append(section(sections.get(i), i, table, Plots.all(styles)));
        }
        return html.append(footer()).append("</main>\n</body>\n</html>\n").toString();
    }

    private static int finished(List<RunGroup> groups) {
        return groups.stream().mapToInt(RunGroup::runs).sum();
    }

    private static String header(
            ExperimentDescription description, List<Section> sections, Styles styles, int finished, int planned) {
        StringBuilder html = new StringBuilder("<header>\n");
        html.append(Html.element("h1", description.name()));
        Pattern.compile("\\n\\s*\\n")
                .splitAsStream(description.description())
                .filter(paragraph -> !paragraph.isBlank())
                .forEach(paragraph -> html.append(Html.element("p", paragraph.strip())));
        String runs = finished == planned ? counted(finished, "run") : finished + " of " + planned + " runs finished";
        html.append(Html.element(
                "p",
                finished == planned ? "facts" : "facts partial",
                String.join(
                        " · ",
                        counted(sections.size(), "workload"),
                        styles.policyCount() == 1 ? "1 policy" : styles.policyCount() + " policies",
                        runs)));
        html.append(notes(description.notes()));
        return html.append(contents(sections)).append("</header>\n").toString();
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String notes(Collection<String> notes) {
        if (notes.isEmpty()) {
            return "";
        }
        StringBuilder html = new StringBuilder("<ul class=\"notes\">\n");
        notes.forEach(note -> html.append(Html.element("li", note)));
        return html.append("</ul>\n").toString();
    }

    private static String contents(List<Section> sections) {
        if (sections.size() < 2) {
            return "";
        }
        StringBuilder html = new StringBuilder("<nav aria-label=\"Workloads\">");
        for (int i = 0; i < sections.size(); i++) {
            html.append("<a href=\"#w%d\">%s</a>"
                    .formatted(i, Html.escape(sections.get(i).title())));
        }
        return html.append("</nav>\n").toString();
    }

    private static String section(Section section, int index, PolicyTable table, List<Plots> plots) {
        return "<section id=\"w%d\">\n".formatted(index)
                + Html.element("h2", section.title())
                + Html.element("p", "about", tableKey(section))
                + table.of(section)
                + DifferenceTable.of(section)
                + table.classes(section)
                + notes(section.notes())
                + plots.stream().map(kind -> kind.of(section)).collect(Collectors.joining())
                + "</section>\n";
    }

    private static String tableKey(Section section) {
        String best = section.groups().size() > 1 ? "★ marks the best mean of a row" : "";
        if (section.mostRuns() == 1) {
            return best + (best.isEmpty() ? "" : ". ")
                    + "One seed: the report cannot tell how much of these numbers is chance.";
        }
        String seeds = section.fewestRuns() == section.mostRuns()
                ? section.mostRuns() + " seeds"
                : section.fewestRuns() + " to " + section.mostRuns() + " seeds";
        return best
                + (best.isEmpty() ? "" : ", where its interval overlaps no other. ")
                + "Means over " + seeds
                + "; ± and the bands in the plots are 95 % confidence intervals of the mean (Student's t).";
    }

    private static String footer() {
        return "<footer><p>Quantiles are the element at index int(n × q) of the sorted values. The numbers behind this page"
                + " are in metrics.csv, summary.csv and tasks.parquet beside it.</p></footer>\n";
    }

    /** Returns the style sheet of the page and of all pictures. */
    static String styleSheet() {
        try (InputStream resource = HtmlReport.class.getResourceAsStream(STYLE_SHEET)) {
            byte[] bytes = Objects.requireNonNull(resource, STYLE_SHEET).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
