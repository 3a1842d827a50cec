package io.gpuctl.telemetry.views;

import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node with its attempts, according to the facts. Its telemetry is separate, since it does not come from facts.
 *
 * @param registeredAtMs when this incarnation registered, ms of cluster time
 * @param stateSinceMs when the node entered this state, ms of cluster time
 * @param running attempts that hold something on the node, including ended ones, see {@link RunningTask#over}
 * @param condition the last smoothed condition that the scheduler has seen
 * @param lastFault of this incarnation
 * @param upkeep the parts of the node that may be used
 * @param xids driver errors since the node registered; null if unknown
 */
public record NodeView(
        NodeInventory inventory,
        long incarnation,
        NodeState state,
        long registeredAtMs,
        long stateSinceMs,
        List<RunningTask> running,
        @Nullable NodeCondition condition,
        @Nullable NodeFault lastFault,
        NodeUpkeep upkeep,
        @Nullable XidCounts xids) {
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: the answer of an older instance
    public NodeView {
        running = List.copyOf(running);
        upkeep = upkeep == null ? NodeUpkeep.NONE : upkeep;
    }

    /** A node with unknown driver errors. */
    public NodeView(
            NodeInventory inventory,
            long incarnation,
            NodeState state,
            long registeredAtMs,
            long stateSinceMs,
            List<RunningTask> running,
            @Nullable NodeCondition condition,
            @Nullable NodeFault lastFault,
            NodeUpkeep upkeep) {
        this(inventory, incarnation, state, registeredAtMs, stateSinceMs, running, condition, lastFault, upkeep, null);
    }

    public NodeHealth health() {
        return NodeRecord.health(state, upkeep);
    }

    /** Returns the number of attempts that hold something on the node. */
    public int attemptCount() {
        return running.size();
    }

    /** Returns the held share of all GPUs together, in thousandths of a GPU. */
    public long gpuMilliAllocated() {
        long sum = 0;
        for (RunningTask task : running) {
            sum += task.allocation().totalGpuMilli();
        }
        return sum;
    }
}
