package io.gpuctl.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManifestsTest {

    private static final Path GRAFANA = Path.of("../grafana");
    private static final Path RULES = Path.of("kubernetes/monitoring/rules.yaml");

    @ParameterizedTest
    @EnumSource
    void everyDocumentIsRight(Overlay overlay) throws Exception {
        assertThat(ManifestRules.problems(overlay.render())).isEmpty();
    }

    @Test
    void everyDashboardIsAConfigMap() throws Exception {
        var rendered = new TreeMap<String, String>();
        new Cluster(Overlay.PROD.render())
                .all("ConfigMap").stream()
                        .filter(map -> map.at("metadata.labels").has("grafana_dashboard"))
                        .forEach(map -> rendered.putAll(Resource.strings(map.at("data"))));
        var dashboards = new TreeMap<String, String>();
        try (var files = Files.list(GRAFANA.resolve("dashboards"))) {
            for (Path file : files.toList()) {
                dashboards.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(rendered).isEqualTo(dashboards);
    }

    @Test
    void theBrokersHaveTheMetricsOfTheEmbeddedBroker() throws IOException {
        assertThat(Path.of("kubernetes/base/settings/broker-metrics.yaml"))
                .hasSameTextualContentAs(
                        Path.of("../cli/src/main/resources/io/gpuctl/cli/metrics/broker-metrics.yaml"));
    }

    /** The Prometheus operator reads no files, so the rules are in a resource of their own. */
    @Test
    void theRulesAreThoseOfPrometheus() throws IOException {
        String wanted = prometheusRule();
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(RULES, wanted);
        }
        assertThat(Files.readString(RULES))
                .as("%s is made of grafana/prometheus/rules: write it again with -Dreference.write=true", RULES)
                .isEqualTo(wanted);
    }

    private static String prometheusRule() throws IOException {
        return """
                # Made of the files in grafana/prometheus/rules; after a change there write it again:
                # ./mvnw -pl deploy -am test -Dtest=ManifestsTest -Dreference.write=true -Dsurefire.failIfNoSpecifiedTests=false
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  name: gpuctl
                spec:
                  groups:
                """
                + List.of("recording.yml", "alerts.yml").stream()
                        .map(GRAFANA.resolve("prometheus/rules")::resolve)
                        .map(ManifestsTest::groups)
                        .collect(Collectors.joining());
    }

    private static String groups(Path file) {
        try {
            String text = Files.readString(file);
            return text.substring(text.indexOf("groups:\n") + "groups:\n".length())
                    .indent(2)
                    .replaceAll("(?m)^ +$", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
