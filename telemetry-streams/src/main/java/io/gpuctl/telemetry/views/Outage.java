package io.gpuctl.telemetry.views;

import io.gpuctl.events.CordonCause;
import io.gpuctl.events.NodeState;
import org.jspecify.annotations.Nullable;

/**
 * The GPUs of a node that are out of service because of a fault: all of them while the node is silent (from when the
 * scheduler suspects it) or cordoned by the scheduler, else the broken ones. A cordon by an operator and a shutdown are
 * not faults.
 *
 * @param nodeSinceMs since when the whole node is out, ms of cluster time; absent if only single GPUs are
 * @param gpus number of GPUs that are out
 */
public record Outage(@Nullable Long nodeSinceMs, int gpus) {
    /**
     * Returns the outage of a node after a fact.
     *
     * @param before null if the whole node was in service
     * @param atMs time of the fact
     * @return null if the whole node is in service
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
