package io.gpuctl.experiments.run;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.telemetry.views.NodeFold;
import io.gpuctl.telemetry.views.NodeRecord;
import io.gpuctl.telemetry.views.ServiceTotals;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds the facts of a run into the time for which faults took GPUs out of service, and the reasons for requeues.
 * Counts as the views of a live cluster do: see {@link io.gpuctl.telemetry.views.Outage}.
 */
final class ServiceFold implements FactSink {
    private static final double MS_PER_HOUR = 3_600_000;

    private final Map<NodeId, NodeRecord> nodes = new HashMap<>();
    private final Map<EndReason, Long> requeues = new EnumMap<>(EndReason.class);
    private ServiceTotals service = ServiceTotals.NONE;

    @Override
    public void accept(Fact fact) {
        if (fact.event() instanceof ClusterEvent.TaskRequeued requeued) {
            requeues.merge(requeued.reason(), 1L, Long::sum);
        } else if (fact.event() instanceof ClusterEvent.OfNode event) {
            NodeRecord before = nodes.get(event.nodeId());
            NodeRecord after = NodeFold.apply(before, fact, event);
            if (after != null) {
                nodes.put(event.nodeId(), after);
                service = service.after(before, after, fact.atMs());
            }
        }
    }

    Map<EndReason, Long> requeues() {
        return Collections.unmodifiableMap(requeues);
    }

    /** Returns the GPU hours out of service until {@code nowMs}. */
    double outGpuHours(long nowMs) {
        return service.outGpuMs(nowMs) / MS_PER_HOUR;
    }

    /** Returns the mean time to repair; null if no GPU has returned. */
    @Nullable
    Double mttrSeconds() {
        return service.mttrSeconds();
    }
}
