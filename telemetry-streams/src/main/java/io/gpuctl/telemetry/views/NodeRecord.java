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
 * A node according to the facts, without its attempts. Those are stored separately, one entry for each, because they
 * change a hundred times as often.
 *
 * @param sequence the last fact about this node, in its pool's order
 * @param registeredAtMs when this incarnation registered, ms of cluster time
 * @param stateSinceMs when the node entered this state, ms of cluster time
 * @param condition the last smoothed condition that the scheduler has seen
 * @param lastFault of this incarnation
 * @param upkeep the parts of the node that may be used
 * @param outage the parts of the node that are out of service because of a fault; absent if none
 * @param xids driver errors since the node registered; absent if stored by a program that did not count them
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
        // An empty upkeep is not stored, as before this field existed.
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = NodeUpkeep.Nothing.class)
        NodeUpkeep upkeep,

        @Nullable Outage outage,
        @Nullable XidCounts xids) {
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field
    public NodeRecord {
        upkeep = upkeep == null ? NodeUpkeep.NONE : upkeep;
    }

    /** Returns the node with its outage after a fact at this time; {@code before}: its outage before the fact. */
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
     * Returns the record as stored by a program that counts driver errors only partly or not at all.
     *
     * @param stored record of such a program
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

    /** Returns the view of the node with the attempts that hold something on it. */
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
