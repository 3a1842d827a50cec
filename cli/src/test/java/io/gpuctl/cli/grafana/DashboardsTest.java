package io.gpuctl.cli.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.grafana.Dashboards.Expression;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards are consistent, and ask only for existing series. */
class DashboardsTest {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-zA-Z_]\\w*)");
    private static final Pattern DASHBOARD_LINK = Pattern.compile("/d/([\\w-]+)");
    private static final int GRID_WIDTH = 24;

    private static final SeriesCatalogue CATALOGUE = new SeriesCatalogue(Dashboards.rules());

    /** Panels without values: a table has units by column. */
    private static final Set<String> WITHOUT_UNIT = Set.of("table", "text");

    static Stream<Path> files() {
        return Dashboards.files().stream();
    }

    static Stream<Expression> expressions() {
        return Dashboards.ofDashboards().stream();
    }

    @Test
    void eachHasAnIdAndATitleOfItsOwn() {
        Map<String, String> titles = Dashboards.all().stream()
                .collect(Collectors.toMap(
                        one -> one.path("uid").asText(),
                        one -> one.path("title").asText()));

        assertThat(titles)
                .containsOnly(
                        entry("gpuctl-cluster", "gpuctl / Cluster"),
                        entry("gpuctl-nodes", "gpuctl / Nodes and GPUs"),
                        entry("gpuctl-queue", "gpuctl / Queue and scheduling"),
                        entry("gpuctl-energy", "gpuctl / Energy"),
                        entry("gpuctl-pipeline", "gpuctl / Pipeline"),
                        entry("gpuctl-task", "gpuctl / One task"),
                        entry("gpuctl-node", "gpuctl / One node"));
        assertThat(files())
                .allSatisfy(file -> assertThat(file)
                        .hasFileName(Dashboards.read(file).path("uid").asText().replace("gpuctl-", "") + ".json"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachPanelSaysWhatItShowsAndInWhatUnit(Path file) {
        JsonNode dashboard = Dashboards.read(file);

        assertThat(dashboard.path("description").asText()).isNotBlank();
        assertThat(dashboard.path("tags")).map(JsonNode::asText).contains("gpuctl");
        assertThat(dashboard.path("panels"))
                .map(panel -> panel.path("id").asInt())
                .doesNotHaveDuplicates();
        assertThat(Dashboards.panels(dashboard)).allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.path("description").asText()).endsWith(".");
            assertThat(panel.path("targets")).isNotEmpty();
            if (!WITHOUT_UNIT.contains(panel.path("type").asText())) {
                assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotBlank();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void theDataSourceIsAVariable(Path file) {
        JsonNode dashboard = Dashboards.read(file);

        assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
        assertThat(dashboard.findValues("datasource"))
                .allSatisfy(source -> assertThat(source.path("uid").asText()).isIn("${datasource}", "-- Grafana --"));
        Stream<JsonNode> asking = Stream.concat(
                Dashboards.panels(dashboard).stream().flatMap(panel -> stream(panel.path("targets"))),
                stream(dashboard.at("/templating/list"))
                        .filter(one -> one.path("type").asText().equals("query")));
        assertThat(asking)
                .allSatisfy(
                        one -> assertThat(one.at("/datasource/uid").asText()).isEqualTo("${datasource}"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void noPanelCoversAnother(Path file) {
        record Cell(int x, int y) {}
        List<Cell> covered = new ArrayList<>();
        for (JsonNode panel : Dashboards.read(file).path("panels")) {
            JsonNode at = panel.path("gridPos");
            int right = at.path("x").asInt() + at.path("w").asInt();
            assertThat(right).isBetween(1, GRID_WIDTH);
            for (int x = at.path("x").asInt(); x < right; x++) {
                for (int y = at.path("y").asInt();
                        y < at.path("y").asInt() + at.path("h").asInt();
                        y++) {
                    covered.add(new Cell(x, y));
                }
            }
        }
        assertThat(covered).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("files")
    void linksLeadToDashboardsAndVariablesThatExist(Path file) {
        JsonNode dashboard = Dashboards.read(file);
        Set<String> variables = stream(dashboard.at("/templating/list"))
                .map(one -> one.path("name").asText())
                .collect(Collectors.toSet());
        Set<String> uids =
                Dashboards.all().stream().map(one -> one.path("uid").asText()).collect(Collectors.toSet());

        assertThat(find(DASHBOARD_LINK, dashboard.toString())).isSubsetOf(uids);
        assertThat(find(VARIABLE, dashboard.toString()).stream().filter(name -> !name.startsWith("__")))
                .isSubsetOf(variables);
    }

    private static Set<String> find(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void everySeriesIsInTheCatalogue(Expression expression) {
        assertAsksForWhatThereIs(expression.query());
    }

    static void assertAsksForWhatThereIs(String query) {
        assertThat(PromQl.metrics(query)).isNotEmpty().allMatch(CATALOGUE::has, "is in the catalogue");
        assertThat(PromQl.selectors(query))
                .allSatisfy(selector -> assertThat(selector.labels())
                        .as(selector.metric())
                        .allMatch(label -> CATALOGUE.has(selector.metric(), label), "is a label of it"));
        assertThat(PromQl.groupings(query))
                .allMatch(
                        label -> PromQl.metrics(query).stream().anyMatch(metric -> CATALOGUE.has(metric, label)),
                        "is a label of what is asked for");
    }

    @Test
    void anUnknownSeriesOrLabelIsFound() {
        assertThat(PromQl.metrics(
                        "sum by (a) (rate(x_total{b=~\"c{d}\"}[5m] offset 1m)) / on (a) y:z:sum > 1e9 unless w"))
                .containsExactlyInAnyOrder("x_total", "y:z:sum", "w");
        assertThat(CATALOGUE.has("gpuctl_gpus", "health")).isFalse();
        assertThat(CATALOGUE.has("gpuctl_nodes", "health")).isTrue();
        assertThat(CATALOGUE.has("gpuctl_nothing")).isFalse();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all.stream();
    }
}
