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
 * A {@link Node} as it is stored. What tasks hold on the node is stored with the tasks, so a placement does not write
 * the node.
 *
 * @param unreleased what attempts that are over still hold, because the node has not yet reported their end
 * @param upkeep which parts of the node may be used
 */
public record NodeSnapshot(
        NodeInventory inventory,
        long incarnation,
        NodeState state,
        @Nullable NodeCondition condition,
        @JsonAlias("held") List<Hold> unreleased,
        // JSON omits the upkeep if there is nothing to store, so that the JSON is the same as before the field existed.
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = NoUpkeep.class)
        Upkeep upkeep) {
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field
    public NodeSnapshot {
        unreleased = List.copyOf(unreleased);
        upkeep = upkeep == null ? Upkeep.NONE : upkeep;
    }

    /** Returns the snapshot without the holds. */
    public NodeSnapshot withoutHolds() {
        return unreleased.isEmpty()
                ? this
                : new NodeSnapshot(inventory, incarnation, state, condition, List.of(), upkeep);
    }

    /** A filter that equals the upkeep that need not be stored. */
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

    /** The resources that an attempt holds on the node. */
    public record Hold(AttemptId attempt, Allocation allocation) {}
}
