package io.gpuctl.api.metrics;

import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSource;
import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Adapts a source to the Prometheus client library, which reads it at each scrape. */
public final class MetricCollector extends Collector implements Collector.Describable {
    private final MetricSource source;

    public MetricCollector(MetricSource source) {
        this.source = source;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        Map<Metric, List<MetricFamilySamples.Sample>> samples = new EnumMap<>(Metric.class);
        source.collect((metric, value, labelValues) -> samples.computeIfAbsent(metric, _ -> new ArrayList<>())
                .add(new MetricFamilySamples.Sample(
                        metric.prometheusName(), metric.labels(), List.of(labelValues), value)));
        List<MetricFamilySamples> families = new ArrayList<>(samples.size());
        samples.forEach((metric, all) -> families.add(family(metric, all)));
        return families;
    }

    private static MetricFamilySamples family(Metric metric, List<MetricFamilySamples.Sample> samples) {
        Type type = switch (metric.kind()) {
            case GAUGE -> Type.GAUGE;
            case COUNTER -> Type.COUNTER;
            case HISTOGRAM ->
                throw new IllegalStateException(
                        "%s is a histogram: Micrometer must record histograms itself".formatted(metric));
        };
        return new MetricFamilySamples(metric.prometheusName(), type, metric.help(), samples);
    }

    /** Returns nothing: the metrics depend on the moment. No other collector has these names. */
    @Override
    public List<MetricFamilySamples> describe() {
        return List.of();
    }
}
