package io.gpuctl.telemetry.views;

import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import java.util.List;

/**
 * The newest facts about a node, see {@link PoolViewsFold#NODE_HISTORY_SIZE_MAX}.
 *
 * @param omitted number of earlier facts since the views began to keep the history
 * @param facts oldest first
 */
public record NodeHistory(long omitted, List<Fact> facts) {
    public static final NodeHistory EMPTY = new NodeHistory(0, List.of());

    public NodeHistory {
        facts = List.copyOf(facts);
    }

    /**
     * Returns whether this is the node's history in a pool. A node that moves to another pool begins a new history
     * there.
     */
    public boolean isOf(PoolId pool) {
        return !facts.isEmpty() && facts.getFirst().pool().equals(pool);
    }
}
