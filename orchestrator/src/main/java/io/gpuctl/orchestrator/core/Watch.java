package io.gpuctl.orchestrator.core;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolSettings;
import java.util.Set;
import java.util.SortedMap;

/**
 * Detects nodes that are silent, and nodes that keep differing from the state. The result depends on which heartbeats
 * came before which tick, which no log records. So it is the only thing besides state and inputs that a pool's
 * decisions depend on. The log records the resulting decisions, from which a replay can set the results; see
 * {@link ToldWatch}.
 *
 * <p>Called by one thread at a time.
 */
public interface Watch {
    /** Advances the time to {@code nowMs}, ms of cluster time. */
    void advance(long nowMs, PoolSettings settings);

    /** Notes that the node was heard of. */
    void heard(NodeId nodeId);

    /** Returns the nodes that have been silent for at least the duration, by id, each with its silence, ms. */
    SortedMap<NodeId, Long> silentFor(long durationMs);

    /**
     * Returns whether the node and the state have differed on an attempt for at least the duration; if so, the time
     * starts again.
     */
    boolean haveDiffered(NodeId nodeId, AttemptId attempt, long durationMs);

    /** Notes that the node and the state agree on all attempts but these. */
    void agreesExcept(NodeId nodeId, Set<AttemptId> differing);

    /** Forgets what is known of the node, because it has restarted. */
    void forget(NodeId nodeId);
}
