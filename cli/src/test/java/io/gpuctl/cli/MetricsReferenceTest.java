package io.gpuctl.cli;

import io.gpuctl.events.metrics.Metric;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference-metrics.md shows every metric of gpuctl. */
class MetricsReferenceTest {

    private static final String WRITE = "./mvnw -pl cli -am test -Dtest=MetricsReferenceTest -Dreference.write=true";

    @Test
    void thePageShowsEveryMetric() throws Exception {
        var page = new StringBuilder("""
                # Prometheus metrics

                Generated from the program: do not edit; regenerate it with

                ```
                %s
                ```

                `gpuctl up` and `gpuctl run api` serve `/metrics` on the port of the API; `gpuctl run orchestrator`, `simulator` and `broker` on
                `--metrics-port`, see [operating.md](operating.md#metrics-and-health). In `up` one page has all of it. The text is Prometheus' (version 0.0.4, or
                OpenMetrics 1.0.0 for a client that asks for it). Times are seconds; those of tasks are seconds of cluster time. A series that is not known
                at the moment is left out: an old number is worse than none.

                Each process also serves, under their usual names, what the JVM and the process do (`jvm_*`, `process_*`, `system_*`), what Kafka's clients
                and Kafka Streams do (`kafka_consumer_*`, `kafka_producer_*`, `kafka_stream_*`, as Micrometer names them; about 700 series in an
                orchestrator, 1,400 in an API, 250 in a simulator), an API `http_server_*`, and an embedded broker what Prometheus' JMX exporter calls `kafka_server_*`, `kafka_controller_*`,
                `kafka_network_*` and `kafka_log_*` (about 300 series). They grow with the partitions of the topics, whose number is fixed.

                ## How many series there are

                | label | values |
                |---|---|
                | `pool` | one for each pool; told by one process at a time |
                | `health`, `state`, `priority`, `reason`, `outcome`, `type`, `service` | fixed: what the API and the log call them in small letters; each is there also when it is 0 |
                | `policy` | one for each pool: the one in force |
                | `topic`, `partition`, `consumergroup` | the topics of the cluster, 4 partitions each; 2 groups |
                | `version` | one |
                | `hostname`, `gpu`, `UUID` | one for each node and GPU |
                | `xid` | the driver errors that the GPU has had |
                | `task`, `attempt` | what runs on the node; at most what a node may run |

                So a pool has about 130 series, whatever the number of its nodes and tasks.
                """.formatted(WRITE));
        Stream.of(Metric.Scope.values()).forEach(scope -> page.append(section(scope)));

        ReferencePage.assertShows("reference-metrics.md", page.toString(), WRITE);
    }

    private static String section(Metric.Scope scope) {
        var section = new StringBuilder("\n## %s\n\n%s\n\n| name | kind | labels | what it is |\n|---|---|---|---|\n"
                .formatted(title(scope), whoServes(scope)));
        Stream.of(Metric.values())
                .filter(metric -> metric.scope() == scope)
                .forEach(metric -> section.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                metric.prometheusName(),
                                metric.kind().name().toLowerCase(Locale.ROOT),
                                ReferencePage.cell(String.join(", ", metric.labels())),
                                ReferencePage.cell(metric.help()))));
        return section.toString();
    }

    private static String title(Metric.Scope scope) {
        return switch (scope) {
            case CLUSTER -> "Pools, as the views have them";
            case SCHEDULER -> "Pools, as their scheduler has them";
            case PIPELINE -> "Kafka and the views";
            case PROCESS -> "The process";
            case API -> "Clients of the API";
            case NODE -> "Nodes and GPUs";
        };
    }

    private static String whoServes(Metric.Scope scope) {
        return switch (scope) {
            case CLUSTER ->
                "An API serves these metrics for the pools and nodes whose partitions it owns; each of several APIs serves its own. They are absent"
                        + " while the views start, move or fold the past, and while the broker is away; `gpuctl_view_ready` is 0 then.";
            case SCHEDULER ->
                "An orchestrator serves these metrics for the pools that it decides for. After a pool moves, the other instance serves them, and the"
                        + " counters begin at 0. Gauges are counted every 2 seconds; a queue of more than 10,000 tasks takes half a second more for"
                        + " each 10,000.";
            case PIPELINE ->
                "Every API serves these metrics, as of its last question to Kafka: every 2 seconds for the owners, 5 for the positions of groups,"
                        + " 15 for replicas. They are absent while the broker does not answer.";
            case PROCESS ->
                "Every process serves the metrics that apply to it: a broker has no clock, and only a simulator has nodes.";
            case API -> "Served by every API, of its own clients. Each is there once something was counted.";
            case NODE ->
                "Served by the API that has the node's telemetry, on a page for each node: `/metrics/nodes/{node}`.";
        };
    }
}
