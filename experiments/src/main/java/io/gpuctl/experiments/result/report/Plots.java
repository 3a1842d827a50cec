package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.summary.RunGroup;
import java.util.List;

/** A kind of plots, drawn for a section whose runs have the data for it. */
interface Plots {

    /** The kinds, in the order of the page. */
    static List<Plots> all(Styles styles) {
        return List.of(new ArrivedLoadPlots(styles), new DistributionPlots(styles), new TimePlots(styles));
    }

    /** HTML; empty where there is nothing to show. */
    String of(Section section);

    /** A titled picture; nothing without one. */
    static String figure(String title, String about, String svg) {
        if (svg.isEmpty()) {
            return "";
        }
        String explained = about.isEmpty() ? "" : "<span class=\"about\">" + Html.escape(about) + "</span>";
        return "<figure><figcaption><b>%s</b>%s</figcaption>\n%s</figure>\n"
                .formatted(Html.escape(title), explained, svg);
    }

    /** Of a group's line, under the pointer. */
    static Readout.Value value(Styles styles, RunGroup group, double y, String text) {
        String policy = group.key().policy();
        return new Readout.Value(policy, styles.of(policy), y, text);
    }
}
