package io.gpuctl.api.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import java.util.Collections;
import java.util.List;

/**
 * Collects the default Prometheus registry of the process. Services register Prometheus collectors there, independently
 * of whether the API runs.
 */
public final class DefaultRegistryCollector extends Collector implements Collector.Describable {
    @Override
    public List<MetricFamilySamples> collect() {
        return Collections.list(CollectorRegistry.defaultRegistry.metricFamilySamples());
    }

    /** Returns nothing: the metrics depend on the services. */
    @Override
    public List<MetricFamilySamples> describe() {
        return List.of();
    }
}
