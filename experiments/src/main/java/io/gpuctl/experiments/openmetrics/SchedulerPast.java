package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.metrics.MetricSink;
import io.gpuctl.orchestrator.core.IllegalFactException;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.PoolStatistics;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a pool's orchestrator in the past. It requires all facts from the first on, so a part of a log has no
 * such state.
 */
final class SchedulerPast {
    private final Map<TaskId, Long> queuedAtMs = new HashMap<>();
    /** The state; null once a fact did not follow from the facts before it. */
    private @Nullable PoolState state;

    SchedulerPast(PoolId pool) {
        state = PoolState.unstored(pool);
    }

    void apply(Fact fact) {
        if (state == null) {
            return;
        }
        try {
            state.apply(fact);
        } catch (IllegalFactException _) {
            state = null;
            queuedAtMs.clear();
            return;
        }
        switch (fact.event()) {
            case ClusterEvent.TaskSubmitted e -> queuedAtMs.put(e.taskId(), fact.atMs());
            case ClusterEvent.TaskRequeued e -> queuedAtMs.put(e.taskId(), fact.atMs());
            case ClusterEvent.TaskPlaced e -> queuedAtMs.remove(e.taskId());
            case ClusterEvent.TaskCancelled e -> queuedAtMs.remove(e.taskId());
            case ClusterEvent.TaskFailed e -> queuedAtMs.remove(e.taskId());
            case ClusterEvent _ -> {}
        }
    }

    boolean isKnown() {
        return state != null;
    }

    void collect(long nowMs, MetricSink sink) {
        if (state != null) {
            PoolStatistics.of(state, task -> queuedAtMs.getOrDefault(task, nowMs))
                    .collect(state.pool().value(), nowMs, sink);
        }
    }
}
