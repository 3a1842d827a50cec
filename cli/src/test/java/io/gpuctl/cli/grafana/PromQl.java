package io.gpuctl.cli.grafana;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Parses enough of PromQL to find the series that an expression asks for. Prometheus itself checks the rest. */
final class PromQl {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern COMMENT = Pattern.compile("#[^\\n]*");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\s*\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern LABEL_LIST =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern MADE_LABEL = Pattern.compile("label_replace\\(.*?, *\"(\\w+)\", *\"\\$");
    private static final Pattern DURATION = Pattern.compile("\\boffset\\s+\\w+");
    private static final Pattern FUNCTION = Pattern.compile("[a-zA-Z_]\\w*\\s*\\(");
    private static final Pattern NAME = Pattern.compile("(?<![\\w$:.])[a-zA-Z_:][\\w:]*");
    private static final Set<String> WORDS = Set.of(
            "and", "or", "unless", "bool", "by", "without", "on", "ignoring", "group_left", "group_right", "offset");

    private PromQl() {}

    /** A metric, and the labels of its series that are asked for. */
    record Selector(String metric, Set<String> labels) {}

    /** Returns the names of the series. */
    static Set<String> metrics(String expression) {
        String text = expression;
        for (Pattern nothing : new Pattern[] {COMMENT, STRING}) {
            text = nothing.matcher(text).replaceAll("");
        }
        text = text.replaceAll("\\{[^}]*}", " ");
        for (Pattern nothing : new Pattern[] {RANGE, LABEL_LIST, DURATION, FUNCTION}) {
            text = nothing.matcher(text).replaceAll(" ");
        }
        return NAME.matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(name -> !WORDS.contains(name.toLowerCase(Locale.ROOT)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the selectors that have conditions on labels. */
    static Set<Selector> selectors(String expression) {
        String text = STRING.matcher(expression).replaceAll("\"\"");
        Set<Selector> selectors = new HashSet<>();
        SELECTOR.matcher(text)
                .results()
                .forEach(found -> selectors.add(new Selector(found.group(1), labels(found.group(2)))));
        return selectors;
    }

    private static Set<String> labels(String matchers) {
        return LABEL.matcher(matchers).results().map(label -> label.group(1)).collect(Collectors.toSet());
    }

    /** Returns the labels by which the expression groups or joins, except labels that the expression itself creates. */
    static Set<String> groupings(String expression) {
        Set<String> made = MADE_LABEL
                .matcher(expression)
                .results()
                .map(label -> label.group(1))
                .collect(Collectors.toSet());
        return LABEL_LIST
                .matcher(STRING.matcher(expression).replaceAll("\"\""))
                .results()
                .flatMap(list -> Pattern.compile("\\w+").matcher(list.group(2)).results())
                .map(MatchResult::group)
                .filter(label -> !made.contains(label))
                .collect(Collectors.toSet());
    }
}
