package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.grafana.Dashboards;
import io.gpuctl.cli.grafana.Dashboards.Expression;
import io.gpuctl.cli.grafana.Dashboards.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs a cluster with load and faults, and a real Prometheus that scrapes the cluster with the configuration in
 * {@code grafana/prometheus}. Prometheus must answer every expression of every dashboard and rule, and of the dashboard
 * of dcgm-exporter, without an error, and with data unless {@link #MAY_BE_EMPTY} gives a reason. The answers are
 * written to {@code target/observability/expressions.md}.
 */
@Tag("observability")
class ObservabilityIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int NODES = 4;
    private static final int GPUS_PER_NODE = 8;
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), *(\\w+)\\)");

    /**
     * NVIDIA's dashboard, which is not in this repository. If it is absent, the test uses a list of its expressions.
     */
    private static final Path DCGM_DASHBOARD = Path.of("../../shared/dcgm/dcgm-exporter-dashboard.json");

    /** The expressions of grafana/dcgm-exporter-dashboard.json in NVIDIA/dcgm-exporter at d5e5f510. */
    private static final List<String> DCGM_EXPRESSIONS = List.of(
            "label_values(DCGM_FI_DEV_GPU_TEMP, instance)",
            "label_values(DCGM_FI_DEV_GPU_TEMP, gpu)",
            "DCGM_FI_DEV_GPU_TEMP{instance=~\"$instance\", gpu=~\"$gpu\"}",
            "avg(DCGM_FI_DEV_GPU_TEMP{instance=~\"$instance\", gpu=~\"$gpu\"})",
            "DCGM_FI_DEV_POWER_USAGE{instance=~\"$instance\", gpu=~\"$gpu\"}",
            "sum(DCGM_FI_DEV_POWER_USAGE{instance=~\"$instance\", gpu=~\"$gpu\"})",
            "DCGM_FI_DEV_SM_CLOCK{instance=~\"$instance\", gpu=~\"$gpu\"} * 1000000",
            "DCGM_FI_DEV_GPU_UTIL{instance=~\"$instance\", gpu=~\"$gpu\"}",
            "DCGM_FI_DEV_FB_USED{instance=~\"$instance\", gpu=~\"$gpu\"}",
            "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{instance=~\"$instance\", gpu=~\"$gpu\"}");

    /** The places of expressions that may have no data in this test, each with the reason. */
    private static final Map<Pattern, String> MAY_BE_EMPTY = mayBeEmpty();

    private static Map<Pattern, String> mayBeEmpty() {
        Map<Pattern, String> reasons = new LinkedHashMap<>();
        reasons.put(Pattern.compile(".* / \\$(policy|seed)"), "only recorded runs have these labels");
        reasons.put(
                Pattern.compile(".* / (Policy changes|Cordons, drains and losses)"), "compare with five minutes ago");
        return reasons;
    }

    /** Alerts that this test provokes. */
    private static final Set<String> FIRING = Set.of("GpuXidFatal", "GpuDoubleBit");

    /** Alerts that the same fault causes if the test takes long enough. All other alerts must not fire. */
    private static final Set<String> MAY_FIRE = Set.of("GpuLost", "GpuRowsRemapped");

    @TempDir
    private Path directory;

    private final List<String> report = new ArrayList<>();
    private String api;

    /** The answer to an expression. */
    private record Answer(Expression expression, JsonNode series) {}

    @Test
    void everyExpressionIsAnswered() throws Exception {
        if (!PrometheusServer.isInstalled()) {
            System.err.println(
                    "SKIPPED: Prometheus is not installed (Debian's package is prometheus): nobody has asked it for the"
                            + " series of the dashboards");
            abort("Prometheus is not installed (Debian's package is prometheus)");
        }
        int port = GpuctlProcess.freePort();
        api = "http://localhost:" + port;
        Instant start = Instant.now();
        try (var _ = up(port);
                var prometheus = PrometheusServer.start(directory, port)) {
            load();
            await("every node is scraped")
                    .atMost(PATIENCE)
                    .until(() -> isTrue(prometheus, "count(up{job=\"gpu\"} == 1) == " + NODES));
            await("tasks run")
                    .atMost(PATIENCE)
                    .until(() -> isTrue(prometheus, "count(gpuctl_task_gpu_share{task=\"shared-1\"}) == 1"));
            await("the placements are scraped")
                    .atMost(PATIENCE)
                    .until(() -> isTrue(prometheus, "gpuctl_submission_to_placement_seconds_count > 0"));
            // An increase needs a sample from before the fault, also of a series that a rule records.
            await("the rules record the time before the faults")
                    .atMost(PATIENCE)
                    .until(() -> isTrue(prometheus, "gpu:ecc_double_bit:max{hostname=\"hot-0\", gpu=\"1\"} == 0"));
            // A rate needs another placement after the first scrape.
            post("/tasks", "{\"task_id\":\"later\",\"gpus\":0.1,\"duration\":5}");
            breakThings();
            awaitTheirTraces(prometheus);

            List<Answer> answers = Stream.of(Dashboards.ofDashboards(), Dashboards.ofRules(), ofDcgm())
                    .flatMap(List::stream)
                    .map(expression -> new Answer(expression, ask(prometheus, expression, start)))
                    .toList();
            write(answers);
            assertThat(answers)
                    .filteredOn(answer -> answer.series().isEmpty() && reasonToBeEmpty(answer.expression()) == null)
                    .extracting(answer -> answer.expression().where() + ": "
                            + answer.expression().text())
                    .isEmpty();
            eachNodeIsAnInstance(prometheus);
            everySeriesThatIsAskedForExists(prometheus);
            theAlertsFireThatShould(prometheus);
        }
    }

    private GpuctlProcess up(int port) throws IOException {
        // The hot nodes are warm enough that heat lowers their clocks.
        Path cluster = Files.writeString(directory.resolve("cluster.yaml"), """
                - count: 2
                  id_prefix: cool-
                  gpu_model: A100-SXM4-80GB
                  gpus: 8
                  rack: cool
                - count: 2
                  id_prefix: hot-
                  gpu_model: H100-SXM5-80GB
                  gpus: 8
                  rack: hot
                  ambient_celsius: 48
                """);
        return GpuctlProcess.start(
                        directory.resolve("up.out"),
                        "up",
                        "--port",
                        Integer.toString(port),
                        "--data",
                        directory.resolve("data").toString(),
                        "--cluster",
                        cluster.toString(),
                        "--speed",
                        "10",
                        "--policy",
                        "arrival")
                .awaitOutput("ready in");
    }

    /** Submits more tasks than fit: among them tasks that share GPUs, a gang, and a program that fails. */
    private void load() throws Exception {
        post(
                "/tasks",
                "{\"task_id\":\"gang\",\"gpus\":16,\"max_nodes\":2,\"duration\":36000,\"gpu_models\":[\"H100-SXM5-80GB\"]}");
        for (int i = 1; i <= 3; i++) {
            post(
                    "/tasks",
                    "{\"task_id\":\"shared-%d\",\"gpus\":0.4,\"duration\":36000,\"memory_required\":20}".formatted(i));
            post("/tasks", "{\"task_id\":\"pair-%d\",\"gpus\":2,\"duration\":36000}".formatted(i));
        }
        post("/tasks", "{\"task_id\":\"fails\",\"gpus\":1,\"duration\":1,\"exit_code\":1}");
        post("/tasks", "{\"task_id\":\"short\",\"gpus\":1,\"duration\":5}");
        post("/tasks", "{\"task_id\":\"large\",\"gpus\":16,\"max_nodes\":2,\"duration\":600,\"priority\":\"high\"}");
        post(
                "/tasks",
                "{\"task_id\":\"waits\",\"gpus\":8,\"duration\":600,\"priority\":\"low\",\"gpu_models\":[\"H100-SXM5-80GB\"]}");
    }

    private void breakThings() throws Exception {
        post("/nodes/hot-0/faults", "{\"xid\":48,\"gpu\":1,\"duration\":3600}");
        post("/nodes/cool-0/faults", "{\"xid\":63,\"gpu\":0}");
        post("/nodes/cool-0/faults", "{\"kind\":\"ecc_single_bit\",\"gpu\":0}");
        post("/nodes/cool-1/drain", "{\"reason\":\"test\"}");
    }

    private static void awaitTheirTraces(PrometheusServer prometheus) {
        for (String condition : List.of(
                "min(count_over_time(up[20s])) >= 3",
                "gpu:xid:increase5m > 0",
                "gpuctl_node_health{hostname=\"cool-1\", health=\"draining\"} == 1",
                "sum(gpuctl_requeues_total) > 0",
                "max(rate(DCGM_FI_DEV_THERMAL_VIOLATION[20s])) > 0",
                "sum(gpuctl_tasks_waiting) > 0",
                "sum(increase(max by (hostname, gpu) (DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION)[1m:5s])) > 0",
                "gpuctl_xid_total{hostname=\"cool-0\"} > 0",
                "pool:scheduling_pass_seconds:p99_5m > 0",
                "pool:submission_to_placement_seconds:p99_5m > 0",
                "ALERTS{alertname=\"GpuXidFatal\", alertstate=\"firing\"}",
                "ALERTS{alertname=\"GpuDoubleBit\", alertstate=\"firing\"}")) {
            await(condition).atMost(PATIENCE).until(() -> isTrue(prometheus, condition));
        }
    }

    private static boolean isTrue(PrometheusServer prometheus, String condition) {
        return !prometheus.query(condition).isEmpty();
    }

    private static List<Expression> ofDcgm() {
        return Dashboards.of(DCGM_DASHBOARD).orElseGet(() -> {
            System.err.println(
                    "NVIDIA's dashboard is not at " + DCGM_DASHBOARD + ": a list of its expressions stands in for it");
            return DCGM_EXPRESSIONS.stream()
                    .map(text -> new Expression(
                            text.startsWith("label_values") ? Kind.VARIABLE : Kind.PANEL, "dcgm-exporter", text, false))
                    .toList();
        });
    }

    private static JsonNode ask(PrometheusServer prometheus, Expression expression, Instant start) {
        String text = expression
                .text()
                .replace("=\"$node\"", "=\"cool-0\"")
                .replace("=\"$task\"", "=\"shared-1\"")
                .replace("$__rate_interval", "20s")
                .replace("$__range", "1m")
                .replace("$__interval", "5s")
                .replaceAll("\\$(policy|seed|pool|node|instance|gpu)\\b", ".*");
        assertThat(text).doesNotContainPattern("\\$[a-z_{]");
        try {
            Matcher values = LABEL_VALUES.matcher(text);
            if (values.matches()) {
                return prometheus.labelValues(values.group(1), values.group(2));
            }
            return expression.isInstant() ? prometheus.query(text) : prometheus.queryRange(text, start);
        } catch (AssertionError e) {
            throw new AssertionError(expression.where() + ": " + text, e);
        }
    }

    private static String reasonToBeEmpty(Expression expression) {
        if (expression.kind() == Kind.ALERT && !FIRING.contains(expression.where())) {
            return "must not fire";
        }
        return MAY_BE_EMPTY.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(expression.where()).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private void write(List<Answer> answers) throws IOException {
        report.add("| where | series | expression |");
        report.add("|---|---|---|");
        for (Answer answer : answers) {
            String reason = answer.series().isEmpty() ? ": " + reasonToBeEmpty(answer.expression()) : "";
            report.add("| %s | %d%s | `%s` |"
                    .formatted(
                            answer.expression().where(),
                            answer.series().size(),
                            reason,
                            answer.expression().text().replace("\n", " ").replace("|", "\\|")));
        }
        Path target = Files.createDirectories(Path.of("target/observability"));
        Files.write(target.resolve("expressions.md"), report);
    }

    /** Checks that each node is an instance, as the dashboard of dcgm-exporter requires. */
    private static void eachNodeIsAnInstance(PrometheusServer prometheus) {
        for (String instance : List.of("cool-0", "cool-1", "hot-0", "hot-1")) {
            Set<String> gpus = new TreeSet<>();
            prometheus
                    .query("DCGM_FI_DEV_GPU_TEMP{instance=\"%s\", hostname=\"%1$s\", Hostname=\"%1$s\"}"
                            .formatted(instance))
                    .forEach(series -> gpus.add(series.at("/metric/gpu").asText()));
            assertThat(gpus).as(instance).hasSize(GPUS_PER_NODE);
        }
    }

    private static void everySeriesThatIsAskedForExists(PrometheusServer prometheus) {
        Set<String> absent = new TreeSet<>();
        for (String metric : Dashboards.metrics()) {
            if (prometheus
                    .query("count(last_over_time(%s[10m]))".formatted(metric))
                    .isEmpty()) {
                absent.add(metric);
            }
        }
        assertThat(absent).isEmpty();
    }

    private static void theAlertsFireThatShould(PrometheusServer prometheus) {
        Set<String> firing = new TreeSet<>();
        prometheus
                .query("ALERTS{alertstate=\"firing\"}")
                .forEach(alert -> firing.add(alert.at("/metric/alertname").asText()));
        assertThat(firing).containsAll(FIRING);
        firing.removeAll(FIRING);
        assertThat(firing).isSubsetOf(MAY_FIRE);
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(api + path))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path + body + answer.body()).isBetween(200, 299);
        }
    }
}
