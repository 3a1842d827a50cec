package io.gpuctl.experiments.openmetrics;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is counted of a pool's facts, as its orchestrator counts it. */
final class FactCounts {
    private static final Map<Class<?>, String> TYPES = Arrays.stream(
                    ClusterEvent.class.getAnnotation(JsonSubTypes.class).value())
            .collect(Collectors.toUnmodifiableMap(JsonSubTypes.Type::value, JsonSubTypes.Type::name));

    private final SortedMap<String, Long> byType = new TreeMap<>();

    void add(ClusterEvent event) {
        byType.merge(type(event.getClass()), 1L, Long::sum);
    }

    private static String type(Class<?> event) {
        String name = TYPES.get(event);
        if (name == null) {
            throw new IllegalArgumentException(event + " has no name in JSON");
        }
        return name;
    }

    private double of(Class<? extends ClusterEvent> event) {
        return byType.getOrDefault(type(event), 0L).doubleValue();
    }

    void collect(String pool, MetricSink sink) {
        sink.sample(Metric.SUBMISSIONS, of(ClusterEvent.TaskSubmitted.class), pool, "accepted");
        sink.sample(Metric.SUBMISSIONS, of(ClusterEvent.TaskRejected.class), pool, "rejected");
        sink.sample(Metric.PLACEMENTS, of(ClusterEvent.TaskPlaced.class), pool);
        sink.sample(Metric.ATTEMPTS_STARTED, of(ClusterEvent.TaskStarted.class), pool);
        byType.forEach((type, count) -> sink.sample(Metric.FACTS, count.doubleValue(), pool, type));
    }
}
