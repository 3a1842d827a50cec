package io.gpuctl.orchestrator.core;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param upkeep which parts of it may be used
 */
public record NodeSnapshot(
        NodeInventory inventory,
        long incarnation,
        NodeState state,
        @Nullable NodeCondition condition,
        @JsonAlias("held") List<Hold> unreleased,
        // A node of which there is nothing to say is stored as before there was this.
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = NoUpkeep.class)
        Upkeep upkeep) {
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field
    public NodeSnapshot {
        unreleased = List.copyOf(unreleased);
        upkeep = upkeep == null ? Upkeep.NONE : upkeep;
    }

    /** The same without what is held. */
    public NodeSnapshot withoutHolds() {
        return unreleased.isEmpty()
                ? this
                : new NodeSnapshot(inventory, incarnation, state, condition, List.of(), upkeep);
    }

    /** Equals what need not be stored. */
    static final class NoUpkeep {
        @Override
        public boolean equals(@Nullable Object upkeep) {
            return Upkeep.NONE.equals(upkeep);
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    /** What an attempt holds on the node. */
    public record Hold(AttemptId attempt, Allocation allocation) {}
}
