package io.gpuctl.telemetry.views;

import io.gpuctl.events.CordonCause;
import io.gpuctl.events.NodeState;
import org.jspecify.annotations.Nullable;

/**
 * Which GPUs of a node are out of service for a fault: all of them while it is silent (from when the scheduler suspects it)
 * or cordoned by the scheduler, else those that do not work. What an operator cordons is no fault, nor is a node that was
 * shut down.
 *
 * @param nodeSinceMs since when it is the node as a whole, ms of cluster time; absent if it is single GPUs
 * @param gpus how many are
 */
public record Outage(@Nullable Long nodeSinceMs, int gpus) {
    /**
     * Of a node after a fact.
     *
     * @param before null if all of it was in service
     * @param atMs the fact's time
     * @return null if all of it is in service
     */
    static @Nullable Outage of(@Nullable Outage before, NodeState state, NodeUpkeep upkeep, int gpuCount, long atMs) {
        if (state == NodeState.DOWN) {
            return null;
        }
        if (isSilent(state) || isCordonedForAFault(upkeep)) {
            Long sinceMs = before == null ? null : before.nodeSinceMs();
            return new Outage(sinceMs == null ? Long.valueOf(atMs) : sinceMs, gpuCount);
        }
        int out = upkeep.gpusOut().size();
        return out == 0 ? null : new Outage(null, out);
    }

    private static boolean isSilent(NodeState state) {
        return switch (state) {
            case SUSPECT, LOST -> true;
            case UP, DOWN -> false;
        };
    }

    private static boolean isCordonedForAFault(NodeUpkeep upkeep) {
        NodeUpkeep.Cordon cordon = upkeep.cordon();
        return cordon != null && cordon.cause() != CordonCause.OPERATOR;
    }
}
