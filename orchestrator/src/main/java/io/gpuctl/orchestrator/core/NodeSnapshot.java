package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link Node} as it is stored. */
public record NodeSnapshot(
        NodeInventory inventory,
        long incarnation,
        NodeState state,
        @Nullable NodeCondition condition,
        List<Hold> held) {
    public NodeSnapshot {
        held = List.copyOf(held);
    }

    /** What an attempt holds on the node. */
    public record Hold(AttemptId attempt, Allocation allocation) {}
}
