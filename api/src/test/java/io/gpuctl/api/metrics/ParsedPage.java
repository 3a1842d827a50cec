package io.gpuctl.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page, parsed strictly by the text format 0.0.4: each family once, with help and type before its samples and nothing
 * in between; no series twice; nothing that Prometheus merely tolerates.
 */
final class ParsedPage {
    private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\\S.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (gauge|counter)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.+)})? (-?[0-9.]+(?:[eE][+-]?[0-9]+)?|NaN|[+-]Inf)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"");

    /** A sample of one family. */
    record Sample(Map<String, String> labels, double value, String text) {}

    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, String> helps = new LinkedHashMap<>();
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    ParsedPage(byte[] page) {
        this(new String(page, StandardCharsets.UTF_8));
    }

    ParsedPage(String page) {
        assertThat(page).endsWith("\n");
        Set<String> series = new HashSet<>();
        String family = "";
        var lines = page.lines().iterator();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith("#")) {
                family = begin(line, lines.next());
                continue;
            }
            var sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            assertThat(sample.group(1)).as("the family of " + line).isEqualTo(family);
            var labels = labels(sample.group(2));
            assertThat(series.add(family + labels)).as("once: " + line).isTrue();
            String value = sample.group(3);
            samples.get(family).add(new Sample(labels, Double.parseDouble(value.replace("Inf", "Infinity")), value));
        }
        assertThat(samples.values()).as("each family has samples").noneMatch(List::isEmpty);
    }

    private String begin(String help, String type) {
        var helped = HELP.matcher(help);
        var typed = TYPE.matcher(type);
        assertThat(helped.matches()).as(help).isTrue();
        assertThat(typed.matches()).as(type).isTrue();
        String family = helped.group(1);
        assertThat(typed.group(1)).isEqualTo(family);
        assertThat(samples.put(family, new ArrayList<>())).as("once: " + family).isNull();
        helps.put(family, helped.group(2));
        types.put(family, typed.group(2));
        return family;
    }

    private static Map<String, String> labels(String text) {
        var labels = new LinkedHashMap<String, String>();
        int at = 0;
        var label = LABEL.matcher(text == null ? "" : text);
        while (label.find()) {
            assertThat(label.start()).as(text).isEqualTo(at);
            assertThat(labels.put(label.group(1), label.group(2))).as(text).isNull();
            at = label.end();
            if (at < text.length()) {
                assertThat(text.charAt(at)).as(text).isEqualTo(',');
                at++;
            }
        }
        assertThat(at).as(text).isEqualTo(text == null ? 0 : text.length());
        return labels;
    }

    Map<String, String> types() {
        return types;
    }

    Map<String, String> helps() {
        return helps;
    }

    Set<String> families() {
        return samples.keySet();
    }

    /** Returns the samples of a family; empty if the family is absent. */
    List<Sample> of(String family) {
        return samples.getOrDefault(family, List.of());
    }

    /** Returns the values of a family by GPU. */
    Map<String, String> byGpu(String family) {
        return of(family).stream()
                .collect(Collectors.toMap(sample -> sample.labels().get("gpu"), Sample::text));
    }

    int series() {
        return samples.values().stream().mapToInt(List::size).sum();
    }
}
