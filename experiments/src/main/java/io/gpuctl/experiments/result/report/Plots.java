package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.summary.RunGroup;
import java.util.List;

/** A kind of plot that is drawn for sections with the necessary data. */
interface Plots {

    /** Returns the kinds in the order of the page. */
    static List<Plots> all(Styles styles) {
        return List.of(new ArrivedLoadPlots(styles), new DistributionPlots(styles), new TimePlots(styles));
    }

    /** Returns the plots as HTML; empty if there is nothing to show. */
    String of(Section section);

    /** Returns a figure with a title; empty without a picture. */
    static String figure(String title, String about, String svg) {
        if (svg.isEmpty()) {
            return "";
        }
        String explained = about.isEmpty() ? "" : "<span class=\"about\">" + Html.escape(about) + "</span>";
        return "<figure><figcaption><b>%s</b>%s</figcaption>\n%s</figure>\n"
                .formatted(Html.escape(title), explained, svg);
    }

    /** Returns the value of a group's line in a readout. */
    static Readout.Value value(Styles styles, RunGroup group, double y, String text) {
        String policy = group.key().policy();
        return new Readout.Value(policy, styles.of(policy), y, text);
    }
}
