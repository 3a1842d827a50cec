package io.gpuctl.telemetry.views;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node as the facts about it tell, without what runs on it: that is stored apart, an entry for each attempt, because it
 * changes a hundred times as often.
 *
 * @param sequence the last fact about this node, in its pool's order
 * @param registeredAtMs when this incarnation registered, ms of cluster time
 * @param stateSinceMs when the node came into this state, ms of cluster time
 * @param condition the last smoothed condition that the scheduler has seen
 * @param lastFault of this incarnation
 * @param upkeep which parts of it may be used
 * @param outage which parts of it are out of service for a fault; absent if none is
 * @param xids its driver errors since it registered; absent if it was stored by a program that did not count them
 */
public record NodeRecord(
        NodeInventory inventory,
        long incarnation,
        NodeState state,
        long sequence,
        long registeredAtMs,
        long stateSinceMs,
        @Nullable NodeCondition condition,
        @Nullable NodeFault lastFault,
        // A node of which there is nothing to say is stored as before there was this.
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = NodeUpkeep.Nothing.class)
        NodeUpkeep upkeep,

        @Nullable Outage outage,
        @Nullable XidCounts xids) {
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field
    public NodeRecord {
        upkeep = upkeep == null ? NodeUpkeep.NONE : upkeep;
    }

    /** Told of what is out of service after a fact at this time; {@code before}: as it was before it. */
    NodeRecord settled(@Nullable Outage before, long atMs) {
        Outage now = Outage.of(before, state, upkeep, inventory.gpuCount(), atMs);
        if (Objects.equals(now, outage)) {
            return this;
        }
        return new NodeRecord(
                inventory,
                incarnation,
                state,
                sequence,
                registeredAtMs,
                stateSinceMs,
                condition,
                lastFault,
                upkeep,
                now,
                xids);
    }

    /**
     * What is stored by a program that counts driver errors only since it saw the node, or does not count them at all.
     *
     * @param stored by one
     */
    public NodeRecord countedAsIn(NodeRecord stored) {
        return stored.xids != null && !stored.xids.partial()
                ? this
                : new NodeRecord(
                        inventory,
                        incarnation,
                        state,
                        sequence,
                        registeredAtMs,
                        stateSinceMs,
                        condition,
                        lastFault,
                        upkeep,
                        outage,
                        stored.xids);
    }

    /** The view of it with all that is held on it. */
    public NodeView with(List<RunningTask> running) {
        return new NodeView(
                inventory,
                incarnation,
                state,
                registeredAtMs,
                stateSinceMs,
                running,
                condition,
                lastFault,
                upkeep,
                xids);
    }

    public NodeHealth health() {
        return health(state, upkeep);
    }

    static NodeHealth health(NodeState state, NodeUpkeep upkeep) {
        NodeUpkeep.Cordon cordon = upkeep.cordon();
        return NodeHealth.of(
                state,
                cordon != null,
                cordon != null && cordon.drain(),
                !upkeep.gpusOut().isEmpty() || upkeep.slowReports() > 0);
    }
}
