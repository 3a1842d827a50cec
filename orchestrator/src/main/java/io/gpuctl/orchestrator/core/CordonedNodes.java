package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The cordoned nodes of a pool: when each cordon ends, and which nodes are being drained. The index is derived from the
 * nodes; call {@link #update} for each node that changes.
 */
final class CordonedNodes {
    /** The automatic end of a node's cordon; the earliest comes first. */
    private record End(long untilMs, NodeId nodeId) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int byTime = Long.compare(untilMs, other.untilMs);
            return byTime != 0 ? byTime : nodeId.compareTo(other.nodeId);
        }
    }

    private final NavigableSet<End> ends = new TreeSet<>();
    private final Map<NodeId, End> endOf = new LinkedHashMap<>();
    private final NavigableSet<NodeId> draining = new TreeSet<>();

    void update(Node node) {
        Cordon cordon = node.upkeep().cordon();
        End before = endOf.remove(node.id());
        if (before != null) {
            ends.remove(before);
        }
        if (cordon != null && cordon.untilMs() > 0) {
            End end = new End(cordon.untilMs(), node.id());
            ends.add(end);
            endOf.put(node.id(), end);
        }
        if (cordon != null && cordon.drain() && !cordon.drained()) {
            draining.add(node.id());
        } else {
            draining.remove(node.id());
        }
    }

    /** Returns the node whose cordon ends first, if the cordon ends at or before the time. */
    @Nullable
    NodeId endedBy(long atMs) {
        return ends.isEmpty() || ends.first().untilMs() > atMs
                ? null
                : ends.first().nodeId();
    }

    OptionalLong nextEndMs() {
        return ends.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(ends.first().untilMs());
    }

    boolean isDraining(NodeId nodeId) {
        return draining.contains(nodeId);
    }

    /** Returns the nodes that are being drained and still hold something, by id. */
    List<NodeId> draining() {
        return draining.isEmpty() ? List.of() : new ArrayList<>(draining);
    }
}
