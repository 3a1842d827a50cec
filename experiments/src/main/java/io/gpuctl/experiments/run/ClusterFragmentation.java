package io.gpuctl.experiments.run;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.policy.Fragmentation;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;

/**
 * The fragmentation of a whole cluster: the sum over its nodes. Recomputes only nodes that registered or got a task, so
 * use it only for clusters in which no task ends.
 */
final class ClusterFragmentation implements FactSink {
    private final Fragmentation fragmentation;
    private final Map<NodeId, Double> byNode = new LinkedHashMap<>();
    private final SequencedSet<NodeId> changed = new LinkedHashSet<>();
    private double totalMilli;

    ClusterFragmentation(TargetWorkload target) {
        fragmentation = new Fragmentation(target);
    }

    @Override
    public void accept(Fact fact) {
        if (fact.event() instanceof ClusterEvent.NodeRegistered registered) {
            changed.add(registered.nodeId());
        } else if (fact.event() instanceof ClusterEvent.TaskPlaced placed) {
            placed.allocations().stream().map(Allocation::nodeId).forEach(changed::add);
        }
    }

    /** Returns the fragmentation in thousandths of a GPU. */
    double totalMilli(PoolState state) {
        for (NodeId nodeId : changed) {
            Node node = state.node(nodeId);
            if (node != null) {
                double now = fragmentation.of(node);
                Double before = byNode.put(nodeId, now);
                totalMilli += now - (before == null ? 0 : before);
            }
        }
        changed.clear();
        return totalMilli;
    }
}
