package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.NodeId;
import java.util.List;

/**
 * One node's part in an attempt that spans several nodes.
 *
 * @param progressMs how much of the work it has saved, ms at full clock
 */
public record Member(NodeId nodeId, Phase phase, long progressMs) {
    /** The phase of the node's part. */
    public enum Phase {
        /** The node was told to start. */
        PLACED,
        STARTED,
        /** The node has completed its part; other nodes may still run. */
        COMPLETED,
        /** The node stopped before its part was complete. */
        STOPPED
    }

    /** Returns the members of a new attempt: one for each node, none if there is only one node. */
    public static List<Member> of(List<Allocation> allocations, long progressMs) {
        return allocations.size() == 1
                ? List.of()
                : allocations.stream()
                        .map(allocation -> new Member(allocation.nodeId(), Phase.PLACED, progressMs))
                        .toList();
    }

    Member in(Phase newPhase, long newProgressMs) {
        return new Member(nodeId, newPhase, Math.max(progressMs, newProgressMs));
    }

    /** Returns whether the node has reported that it no longer runs its part. */
    public boolean isOver() {
        return switch (phase) {
            case PLACED, STARTED -> false;
            case COMPLETED, STOPPED -> true;
        };
    }
}
