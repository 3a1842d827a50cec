package io.gpuctl.orchestrator.core;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolSettings;
import java.util.Set;
import java.util.SortedMap;

/**
 * Who fell silent, and who goes on to differ from the book. This rests on which heartbeats came before which tick, and
 * that is in no log: so it is the one thing that a pool's decisions rest on beside its state and its inputs. What comes of
 * it is in the log, and so a replay can be told: see {@link ToldWatch}.
 *
 * <p>Called by one thread at a time.
 */
public interface Watch {
    /** Time has passed: it is {@code nowMs}, ms of cluster time. */
    void advance(long nowMs, PoolSettings settings);

    /** The node lives. */
    void heard(NodeId nodeId);

    /** The nodes that have been silent for that long, by id, and for how long each, ms. */
    SortedMap<NodeId, Long> silentFor(long durationMs);

    /** Whether the node and the book have differed on an attempt for that long; if so, the time begins anew. */
    boolean haveDiffered(NodeId nodeId, AttemptId attempt, long durationMs);

    /** The node and the book agree on all but these. */
    void agreesExcept(NodeId nodeId, Set<AttemptId> differing);

    /** The node started anew. */
    void forget(NodeId nodeId);
}
