package io.gpuctl.telemetry.views;

import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import java.util.List;

/**
 * What happened to a node: the newest facts about it, see {@link PoolViewsFold#NODE_HISTORY_SIZE_MAX}.
 *
 * @param omitted how many there were before them since the views began to keep the history
 * @param facts oldest first
 */
public record NodeHistory(long omitted, List<Fact> facts) {
    public static final NodeHistory EMPTY = new NodeHistory(0, List.of());

    public NodeHistory {
        facts = List.copyOf(facts);
    }

    /** A node that has moved to another pool begins a new history there. */
    public boolean isOf(PoolId pool) {
        return !facts.isEmpty() && facts.getFirst().pool().equals(pool);
    }
}
