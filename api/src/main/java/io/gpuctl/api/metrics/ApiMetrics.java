package io.gpuctl.api.metrics;

import io.prometheus.client.CollectorRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

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
        registry.register(new DefaultRegistryCollector());
        return registry;
    }
}
