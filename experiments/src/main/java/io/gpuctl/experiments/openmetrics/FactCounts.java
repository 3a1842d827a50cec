package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.FactTypes;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts of a pool's facts, as the pool's orchestrator counts them. */
final class FactCounts {
    private final SortedMap<String, Long> byType = new TreeMap<>();

    void add(ClusterEvent event) {
        byType.merge(FactTypes.name(event.getClass()), 1L, Long::sum);
    }

    private double of(Class<? extends ClusterEvent> event) {
        return byType.getOrDefault(FactTypes.name(event), 0L).doubleValue();
    }

    void collect(String pool, MetricSink sink) {
        sink.sample(Metric.SUBMISSIONS, of(ClusterEvent.TaskSubmitted.class), pool, "accepted");
        sink.sample(Metric.SUBMISSIONS, of(ClusterEvent.TaskRejected.class), pool, "rejected");
        sink.sample(Metric.PLACEMENTS, of(ClusterEvent.TaskPlaced.class), pool);
        sink.sample(Metric.ATTEMPTS_STARTED, of(ClusterEvent.TaskStarted.class), pool);
        byType.forEach((type, count) -> sink.sample(Metric.FACTS, count.doubleValue(), pool, type));
    }
}
