package io.gpuctl.experiments.run;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.experiments.engine.FactSink;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Folds the facts of a run into which GPUs were out of service for a fault, and for how long; and why tasks were requeued. A
 * node is out of service while it is silent (from when the scheduler suspects it), or cordoned by the scheduler; a GPU
 * while it is out.
 */
final class ServiceFold implements FactSink {
    private static final double MS_PER_HOUR = 3_600_000;
    private static final double MS_PER_SECOND = 1_000;

    private final Map<NodeId, Service> nodes = new LinkedHashMap<>();
    private final Map<EndReason, Long> requeues = new EnumMap<>(EndReason.class);
    private long outGpuMs;
    private long repairMs;
    private long repairs;

    /** One node. */
    private final class Service {
        final int gpus;
        boolean isSilent;
        boolean isCordoned;

        @Nullable
        Long nodeOutSinceMs;

        final SortedMap<Integer, Long> outSinceMs = new TreeMap<>();
        private long bookedMs;

        Service(int gpus, long atMs) {
            this.gpus = gpus;
            bookedMs = atMs;
        }

        /** To be called before something changes. */
        void book(long atMs) {
            int out = nodeOutSinceMs == null ? outSinceMs.size() : gpus;
            outGpuMs += out * (atMs - bookedMs);
            bookedMs = atMs;
        }

        /** To be called after something of the node as a whole has changed. */
        void settle(long atMs) {
            boolean isOut = isSilent || isCordoned;
            if (isOut && nodeOutSinceMs == null) {
                nodeOutSinceMs = atMs;
            } else if (!isOut && nodeOutSinceMs != null) {
                returned(nodeOutSinceMs, atMs);
                nodeOutSinceMs = null;
            }
        }
    }

    private void returned(long sinceMs, long atMs) {
        repairMs += atMs - sinceMs;
        repairs++;
    }

    @Override
    public void accept(Fact fact) {
        if (fact.event() instanceof ClusterEvent.TaskRequeued requeued) {
            requeues.merge(requeued.reason(), 1L, Long::sum);
        } else if (fact.event() instanceof ClusterEvent.NodeRegistered registered) {
            register(registered, fact.atMs());
        } else if (fact.event() instanceof ClusterEvent.OfNode event) {
            Service node = nodes.get(event.nodeId());
            if (node != null) {
                node.book(fact.atMs());
                take(event, node, fact.atMs());
                node.settle(fact.atMs());
            }
        }
    }

    /** A new start has all its GPUs; whether it is cordoned still is another fact. */
    private void register(ClusterEvent.NodeRegistered event, long atMs) {
        Service before = nodes.get(event.nodeId());
        var after = new Service(event.inventory().gpuCount(), atMs);
        if (before != null) {
            before.book(atMs);
            before.outSinceMs.values().forEach(sinceMs -> returned(sinceMs, atMs));
            after.isCordoned = before.isCordoned;
            after.nodeOutSinceMs = before.nodeOutSinceMs;
        }
        after.settle(atMs);
        nodes.put(event.nodeId(), after);
    }

    private void take(ClusterEvent.OfNode event, Service node, long atMs) {
        switch (event) {
            case ClusterEvent.NodeSuspected _, ClusterEvent.NodeLost _ -> node.isSilent = true;
            case ClusterEvent.NodeRecovered _, ClusterEvent.NodeShutDown _ -> node.isSilent = false;
            case ClusterEvent.NodeCordoned e -> node.isCordoned = e.cause() != CordonCause.OPERATOR;
            case ClusterEvent.NodeUncordoned _ -> node.isCordoned = false;
            case ClusterEvent.GpuTakenOut e -> node.outSinceMs.put(e.gpu(), atMs);
            case ClusterEvent.GpuReturned e -> {
                Long sinceMs = node.outSinceMs.remove(e.gpu());
                if (sinceMs != null) {
                    returned(sinceMs, atMs);
                }
            }
            case ClusterEvent.NodeRegistered _,
                    ClusterEvent.NodeConditionChanged _,
                    ClusterEvent.NodeFaulted _,
                    ClusterEvent.NodeDrained _,
                    ClusterEvent.NodeSlow _,
                    ClusterEvent.NodeOnPace _,
                    ClusterEvent.StrayStopped _,
                    ClusterEvent.AllocationReleased _ -> {}
        }
    }

    Map<EndReason, Long> requeues() {
        return Collections.unmodifiableMap(requeues);
    }

    /** Until then. */
    double outGpuHours(long nowMs) {
        nodes.values().forEach(node -> node.book(nowMs));
        return outGpuMs / MS_PER_HOUR;
    }

    /** Null if nothing has returned. */
    @Nullable
    Double mttrSeconds() {
        return repairs == 0 ? null : repairMs / MS_PER_SECOND / repairs;
    }
}
