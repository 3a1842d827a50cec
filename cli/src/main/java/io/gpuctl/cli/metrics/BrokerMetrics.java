package io.gpuctl.cli.metrics;

import io.prometheus.client.Collector;
import io.prometheus.jmx.JmxCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import javax.management.MalformedObjectNameException;

/**
 * Exports the metrics of an embedded broker under the names of Prometheus' JMX exporter with its usual rules for Kafka,
 * such as {@code kafka_server_replicamanager_underreplicatedpartitions}. {@code broker-metrics.yaml} selects the
 * metrics: a fixed number for the broker, and a few for each topic and partition.
 */
public final class BrokerMetrics extends Collector implements Collector.Describable {
    private static final String RULES = "broker-metrics.yaml";

    private final JmxCollector jmx;

    public BrokerMetrics() {
        try (InputStream rules = Objects.requireNonNull(BrokerMetrics.class.getResourceAsStream(RULES))) {
            jmx = new JmxCollector(new String(rules.readAllBytes(), StandardCharsets.UTF_8))
                    .register(new PrometheusRegistry()); // Required by the collector; nothing reads this registry.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(RULES + " names what cannot be an MBean", e);
        }
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples> families = new ArrayList<>();
        for (MetricSnapshot metric : jmx.collect()) {
            // The exporter's metrics about itself are not needed here.
            if (metric.getMetadata().getPrometheusName().startsWith("kafka_")) {
                families.add(family(metric));
            }
        }
        return families;
    }

    private static MetricFamilySamples family(MetricSnapshot metric) {
        String name = metric.getMetadata().getPrometheusName();
        return switch (metric) {
            case CounterSnapshot counter ->
                family(
                        name,
                        Type.COUNTER,
                        counter.getDataPoints().stream()
                                .map(point -> sample(name + "_total", point.getLabels(), point.getValue()))
                                .toList());
            case GaugeSnapshot gauge ->
                family(
                        name,
                        Type.GAUGE,
                        gauge.getDataPoints().stream()
                                .map(point -> sample(name, point.getLabels(), point.getValue()))
                                .toList());
            case UnknownSnapshot unknown ->
                family(
                        name,
                        Type.UNKNOWN,
                        unknown.getDataPoints().stream()
                                .map(point -> sample(name, point.getLabels(), point.getValue()))
                                .toList());
            default -> throw new IllegalStateException("The JMX exporter yields no " + metric.getClass());
        };
    }

    private static MetricFamilySamples family(String name, Type type, List<MetricFamilySamples.Sample> samples) {
        return new MetricFamilySamples(name, type, "A metric of the broker, read over JMX.", samples);
    }

    private static MetricFamilySamples.Sample sample(String name, Labels labels, double value) {
        return new MetricFamilySamples.Sample(
                name,
                StreamSupport.stream(labels.spliterator(), false)
                        .map(label -> label.getName())
                        .toList(),
                StreamSupport.stream(labels.spliterator(), false)
                        .map(label -> label.getValue())
                        .toList(),
                value);
    }

    /** Returns nothing: the metrics depend on the broker. */
    @Override
    public List<MetricFamilySamples> describe() {
        return List.of();
    }
}
