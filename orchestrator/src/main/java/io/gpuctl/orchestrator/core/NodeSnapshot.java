package io.gpuctl.orchestrator.core;

import com.fasterxml.jackson.annotation.JsonAlias;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Node} as it is stored. What tasks hold on it stands with the tasks, so that a placement stores nothing here.
 *
 * @param unreleased what attempts that are over still hold, because the node has not said yet that they are gone
 */
public record NodeSnapshot(
        NodeInventory inventory,
        long incarnation,
        NodeState state,
        @Nullable NodeCondition condition,
        @JsonAlias("held") List<Hold> unreleased) {
    public NodeSnapshot {
        unreleased = List.copyOf(unreleased);
    }

    /** What an attempt holds on the node. */
    public record Hold(AttemptId attempt, Allocation allocation) {}
}
