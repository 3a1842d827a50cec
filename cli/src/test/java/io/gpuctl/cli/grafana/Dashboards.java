package io.gpuctl.cli.grafana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code grafana/}: dashboards, rules, and all their expressions. */
public final class Dashboards {
    public static final Path GRAFANA = Path.of("../grafana");
    static final Path RULES = GRAFANA.resolve("prometheus/rules");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private Dashboards() {}

    /** The kind of place that has an expression. */
    public enum Kind {
        PANEL,
        VARIABLE,
        ANNOTATION,
        RECORDING,
        ALERT
    }

    /**
     * An expression that is sent to Prometheus.
     *
     * @param where the dashboard with its panel, variable or annotation; or the rule
     * @param isInstant whether only the newest values are asked for
     */
    public record Expression(Kind kind, String where, String text, boolean isInstant) {

        /** Returns the expression without Grafana's {@code label_values(..., label)}. */
        String query() {
            return text.replaceFirst("^label_values\\((.*), *\\w+\\)$", "$1");
        }
    }

    /** A rule of Prometheus. */
    record Rule(JsonNode node) {
        boolean isAlert() {
            return node.has("alert");
        }

        String name() {
            return node.path(isAlert() ? "alert" : "record").asText();
        }

        String expression() {
            return node.path("expr").asText();
        }
    }

    static List<Path> files() {
        return list(GRAFANA.resolve("dashboards"), ".json");
    }

    private static List<Path> list(Path directory, String suffix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> all() {
        return files().stream().map(Dashboards::read).toList();
    }

    static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (Path file : list(RULES, ".yml")) {
            try {
                YAML.readTree(file.toFile())
                        .path("groups")
                        .forEach(group -> group.path("rules").forEach(rule -> rules.add(new Rule(rule))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return rules;
    }

    /** Returns the expressions of all dashboards, in the order of the dashboards. */
    public static List<Expression> ofDashboards() {
        return all().stream().flatMap(one -> of(one).stream()).toList();
    }

    /** Returns the expressions of all rules. */
    public static List<Expression> ofRules() {
        return rules().stream()
                .map(rule -> new Expression(
                        rule.isAlert() ? Kind.ALERT : Kind.RECORDING, rule.name(), rule.expression(), true))
                .toList();
    }

    /** Returns the names of all series that dashboards and rules ask for. */
    public static Set<String> metrics() {
        return Stream.concat(ofDashboards().stream(), ofRules().stream())
                .flatMap(expression -> PromQl.metrics(expression.query()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the expressions of the dashboard in a file; empty if the file does not exist. */
    public static Optional<List<Expression>> of(Path file) {
        return Files.exists(file) ? Optional.of(of(read(file))) : Optional.empty();
    }

    private static List<Expression> of(JsonNode dashboard) {
        String name = dashboard.path("title").asText();
        List<Expression> expressions = new ArrayList<>();
        for (JsonNode variable : dashboard.at("/templating/list")) {
            if (variable.path("type").asText().equals("query")) {
                JsonNode query = variable.path("query");
                expressions.add(new Expression(
                        Kind.VARIABLE,
                        name + " / $" + variable.path("name").asText(),
                        query.isTextual() ? query.asText() : query.path("query").asText(),
                        true));
            }
        }
        for (JsonNode annotation : dashboard.at("/annotations/list")) {
            if (annotation.has("expr")) {
                expressions.add(new Expression(
                        Kind.ANNOTATION,
                        name + " / " + annotation.path("name").asText(),
                        annotation.path("expr").asText(),
                        false));
            }
        }
        for (JsonNode panel : panels(dashboard)) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(new Expression(
                        Kind.PANEL,
                        "%s / %s %s"
                                .formatted(
                                        name,
                                        panel.path("title").asText(),
                                        target.path("refId").asText()),
                        target.path("expr").asText(),
                        target.path("instant").asBoolean()));
            }
        }
        return expressions;
    }

    /** Returns the panels, including panels in folded rows, but not the rows themselves. */
    static List<JsonNode> panels(JsonNode dashboard) {
        List<JsonNode> panels = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            if (panel.path("type").asText().equals("row")) {
                panel.path("panels").forEach(panels::add);
            } else {
                panels.add(panel);
            }
        }
        return panels;
    }
}
