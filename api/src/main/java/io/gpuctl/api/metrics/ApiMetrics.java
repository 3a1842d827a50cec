package io.gpuctl.api.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Collections;
import java.util.List;

/** Makes the registry in which Quarkus has Micrometer's meters, so that all else that this process has to tell is there too. */
@ApplicationScoped
class ApiMetrics {
    @Produces
    @Singleton
    CollectorRegistry registry(ClusterMetrics cluster, PipelineMetrics pipeline) {
        var registry = new CollectorRegistry(true);
        // As one: two collectors with a metric in common would name it twice.
        registry.register(new MetricCollector(sink -> {
            cluster.collect(sink);
            pipeline.collect(sink);
            MetricSources.ofProcess().collect(sink);
        }));
        registry.register(new Beside());
        return registry;
    }

    /** What was registered before Quarkus was there, in the registry that every process has. */
    private static final class Beside extends Collector implements Collector.Describable {
        @Override
        public List<MetricFamilySamples> collect() {
            return Collections.list(CollectorRegistry.defaultRegistry.metricFamilySamples());
        }

        @Override
        public List<MetricFamilySamples> describe() {
            return List.of();
        }
    }
}
