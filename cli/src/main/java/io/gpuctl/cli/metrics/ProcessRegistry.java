package io.gpuctl.cli.metrics;

import io.gpuctl.api.metrics.DefaultRegistryCollector;
import io.gpuctl.api.metrics.KafkaMeters;
import io.gpuctl.api.metrics.MetricCollector;
import io.gpuctl.api.metrics.MetricSources;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of a process without an API: the counters of its services, Kafka's clients and the JVM. With an API,
 * Quarkus provides the same metrics.
 */
@SuppressWarnings("deprecation") // The registry for Prometheus' older client library: Quarkus has no other.
final class ProcessRegistry implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    ProcessRegistry() {
        registry.getPrometheusRegistry().register(new MetricCollector(MetricSources.ofProcess()));
        registry.getPrometheusRegistry().register(new DefaultRegistryCollector());
        registry.config().meterFilter(KafkaMeters.FILTER);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
        Metrics.addRegistry(registry);
    }

    /** Returns the variant of Prometheus' text format that the client accepts. */
    static String contentType(@Nullable String accept) {
        return TextFormat.chooseContentType(accept);
    }

    String scrape(String contentType) {
        return registry.scrape(contentType);
    }

    @Override
    public void close() {
        Metrics.removeRegistry(registry);
        gc.close();
        registry.close();
    }
}
