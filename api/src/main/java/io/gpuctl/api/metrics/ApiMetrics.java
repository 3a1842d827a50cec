package io.gpuctl.api.metrics;

import io.prometheus.client.CollectorRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Creates the registry that Quarkus uses for Micrometer's meters, and adds all other metrics of this process. */
@ApplicationScoped
class ApiMetrics {
    @Produces
    @Singleton
    CollectorRegistry registry(ClusterMetrics cluster, PipelineMetrics pipeline) {
        var registry = new CollectorRegistry(true);
        // One collector for all: two collectors with a common metric would list it twice.
        registry.register(new MetricCollector(sink -> {
            cluster.collect(sink);
            pipeline.collect(sink);
            MetricSources.ofProcess().collect(sink);
        }));
        registry.register(new DefaultRegistryCollector());
        return registry;
    }
}
