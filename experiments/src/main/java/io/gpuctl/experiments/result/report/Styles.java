package io.gpuctl.experiments.result.report;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The line styles of policies. A policy has the same style on the whole page. */
final class Styles {

    /** Number of styles in {@code report.css}: s0 to s7. */
    private static final int COUNT = 8;

    private final Map<String, Integer> styleOfPolicy;

    private Styles(Map<String, Integer> styleOfPolicy) {
        this.styleOfPolicy = styleOfPolicy;
    }

    /**
     * Assigns styles to all policies. Policies in the same section have different styles, as far as there are enough
     * styles.
     */
    static Styles of(List<Section> sections) {
        Map<String, Integer> styleOfPolicy = new TreeMap<>();
        sections.forEach(section -> assign(section.policies(), styleOfPolicy));
        return new Styles(styleOfPolicy);
    }

    /** Assigns to each policy without a style the first style that none of the other policies has. */
    private static void assign(List<String> policies, Map<String, Integer> styleOfPolicy) {
        Set<Integer> taken = new TreeSet<>();
        policies.stream()
                .filter(styleOfPolicy::containsKey)
                .map(styleOfPolicy::get)
                .forEach(taken::add);
        for (String policy : policies) {
            styleOfPolicy.computeIfAbsent(policy, _ -> {
                int style = 0;
                while (taken.contains(style) && style < COUNT - 1) {
                    style++;
                }
                taken.add(style);
                return style;
            });
        }
    }

    int policyCount() {
        return styleOfPolicy.size();
    }

    int of(String policy) {
        return styleOfPolicy.getOrDefault(policy, 0);
    }

    /** Returns a legend for a set of plots: names with their styles. */
    String legend(List<String> names) {
        StringBuilder html = new StringBuilder("<ul class=\"legend\">");
        for (String name : names) {
            html.append(("<li><svg class=\"key\" viewBox=\"0 0 28 10\" aria-hidden=\"true\">"
                            + "<path class=\"line s%d\" d=\"M1 5H27\"/></svg>%s</li>")
                    .formatted(of(name), Html.escape(name)));
        }
        return html.append("</ul>\n").toString();
    }
}
