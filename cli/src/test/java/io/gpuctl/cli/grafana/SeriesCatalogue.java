package io.gpuctl.cli.grafana;

import io.gpuctl.events.DcgmField;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.Metric.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All series that an expression may ask for, with their labels. */
final class SeriesCatalogue {
    /** The labels that a scrape or a recorded run adds to every series. */
    private static final Set<String> EVERY_SERIES_HAS = Set.of("instance", "job", "policy", "seed");

    private static final Set<String> OF_A_GPU = Set.of(
            "gpu",
            "UUID",
            "pci_bus_id",
            "device",
            "modelName",
            "hostname",
            "Hostname",
            "DCGM_FI_DRIVER_VERSION",
            "hpc_job");

    /** Prometheus' own series. */
    private static final Map<String, Set<String>> OF_PROMETHEUS = Map.of(
            "up", Set.of(),
            "scrape_duration_seconds", Set.of(),
            "scrape_samples_scraped", Set.of(),
            "ALERTS", Set.of("alertname", "alertstate", "severity"));

    /** Series of Micrometer, under its names: the JVM, HTTP, and Kafka's clients. */
    private static final Map<String, Set<String>> OF_MICROMETER = Map.ofEntries(
            Map.entry("process_cpu_usage", Set.of()),
            Map.entry("process_start_time_seconds", Set.of()),
            Map.entry("jvm_memory_used_bytes", Set.of("area", "id")),
            Map.entry("jvm_memory_max_bytes", Set.of("area", "id")),
            Map.entry("http_server_requests_seconds_count", Set.of("method", "outcome", "status", "uri")),
            Map.entry("http_server_requests_seconds_sum", Set.of("method", "outcome", "status", "uri")),
            Map.entry("kafka_consumer_coordinator_rebalance_total", Set.of("client_id")),
            Map.entry("kafka_consumer_fetch_manager_records_consumed_total", Set.of("client_id", "topic")),
            Map.entry("kafka_producer_record_send_total", Set.of("client_id")),
            Map.entry("kafka_stream_thread_commit_latency_avg", Set.of("thread_id")),
            Map.entry("kafka_stream_thread_commit_latency_max", Set.of("thread_id")),
            Map.entry("kafka_stream_thread_commit_total", Set.of("thread_id")),
            Map.entry("kafka_stream_thread_process_total", Set.of("thread_id")));

    /** Series of the broker, under the names of Prometheus' JMX exporter. */
    private static final Map<String, Set<String>> OF_THE_BROKER = Map.of(
            "kafka_server_brokertopicmetrics_messagesin_total", Set.of("topic"),
            "kafka_log_log_size", Set.of("topic", "partition"),
            "kafka_network_requestmetrics_totaltimems", Set.of("request", "quantile"));

    private final Map<String, Set<String>> labels = new HashMap<>();

    SeriesCatalogue(List<Dashboards.Rule> rules) {
        labels.putAll(OF_PROMETHEUS);
        labels.putAll(OF_MICROMETER);
        labels.putAll(OF_THE_BROKER);
        for (Metric metric : Metric.values()) {
            if (metric.kind() == Kind.HISTOGRAM) {
                labels.put(metric.prometheusName() + "_bucket", with(metric.labels(), "le"));
                labels.put(metric.prometheusName() + "_sum", Set.copyOf(metric.labels()));
                labels.put(metric.prometheusName() + "_count", Set.copyOf(metric.labels()));
            } else {
                labels.put(metric.prometheusName(), Set.copyOf(metric.labels()));
            }
        }
        for (DcgmField field : DcgmField.values()) {
            labels.put(field.dcgmId(), OF_A_GPU);
        }
        for (Dashboards.Rule rule : rules) {
            if (!rule.isAlert()) {
                Set<String> all = new HashSet<>(PromQl.groupings(rule.expression()));
                PromQl.metrics(rule.expression()).forEach(metric -> all.addAll(labels.getOrDefault(metric, Set.of())));
                labels.put(rule.name(), all);
            }
        }
    }

    private static Set<String> with(List<String> labels, String one) {
        Set<String> all = new HashSet<>(labels);
        all.add(one);
        return all;
    }

    boolean has(String metric) {
        return labels.containsKey(metric);
    }

    boolean has(String metric, String label) {
        return EVERY_SERIES_HAS.contains(label)
                || labels.getOrDefault(metric, Set.of()).contains(label);
    }
}
