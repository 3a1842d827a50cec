package io.gpuctl.api.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import java.util.Collections;
import java.util.List;

/**
 * What stands in the registry that every process has: a service registers there what it has to tell in Prometheus' own words,
 * whether and when somebody serves it.
 */
public final class DefaultRegistryCollector extends Collector implements Collector.Describable {
    @Override
    public List<MetricFamilySamples> collect() {
        return Collections.list(CollectorRegistry.defaultRegistry.metricFamilySamples());
    }

    /** Nothing: what there is depends on the services. */
    @Override
    public List<MetricFamilySamples> describe() {
        return List.of();
    }
}
