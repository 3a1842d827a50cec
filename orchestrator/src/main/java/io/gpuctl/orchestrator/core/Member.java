package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.NodeId;
import java.util.List;

/**
 * One node's part in an attempt that spans several.
 *
 * @param progressMs its part of the work that is saved, ms at full clock
 */
public record Member(NodeId nodeId, Phase phase, long progressMs) {
    /** How far the node is. */
    public enum Phase {
        /** Was told to start. */
        PLACED,
        STARTED,
        /** Has done its part; waits for the others. */
        COMPLETED,
        /** Runs it no more, and has not done it. */
        STOPPED
    }

    /** Those of a new attempt: one for each node, none if there is only one. */
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

    /** Whether the node has said that it runs its part no more. */
    public boolean isOver() {
        return switch (phase) {
            case PLACED, STARTED -> false;
            case COMPLETED, STOPPED -> true;
        };
    }
}
