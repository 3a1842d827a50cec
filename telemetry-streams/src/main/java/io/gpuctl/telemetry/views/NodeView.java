package io.gpuctl.telemetry.views;

import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node with what runs on it, as the facts tell it. Its telemetry is apart: it does not come from facts.
 *
 * @param registeredAtMs when this incarnation registered, ms of cluster time
 * @param stateSinceMs when the node came into this state, ms of cluster time
 * @param running what is held on it, by attempt; also what outlives its attempt, see {@link RunningTask#over}
 * @param condition the last smoothed condition that the scheduler has seen
 * @param lastFault of this incarnation
 * @param upkeep which parts of it may be used
 * @param xids its driver errors since it registered; null if that is not known
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

    /** A node of whose driver errors nothing is known. */
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

    /** How many attempts hold something there. */
    public int attemptCount() {
        return running.size();
    }

    /** What is held on all GPUs together, in thousandths of a GPU. */
    public long gpuMilliAllocated() {
        long sum = 0;
        for (RunningTask task : running) {
            sum += task.allocation().totalGpuMilli();
        }
        return sum;
    }
}
