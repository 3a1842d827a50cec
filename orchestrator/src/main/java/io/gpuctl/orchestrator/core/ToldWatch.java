package io.gpuctl.orchestrator.core;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolSettings;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A watch that returns what the caller has set for one input. Used in replays, where the log says what was seen, and in
 * virtual time, where nodes send no heartbeats. Not thread-safe.
 */
public final class ToldWatch implements Watch {
    private final SortedMap<NodeId, Long> silentMs = new TreeMap<>();
    private final Set<AttemptId> disputed = new TreeSet<>();

    /** Clears all silences and disputes. */
    public void seeNothing() {
        silentMs.clear();
        disputed.clear();
    }

    /** Sets how long the node has been silent; of several calls, the longest silence counts. */
    public void seeSilence(NodeId nodeId, long durationMs) {
        silentMs.merge(nodeId, durationMs, Math::max);
    }

    /** Marks an attempt as disputed for long enough between its node and the state. */
    public void seeDispute(AttemptId attempt) {
        disputed.add(attempt);
    }

    @Override
    public void advance(long nowMs, PoolSettings settings) {
        // The caller sets silences and disputes itself.
    }

    @Override
    public void heard(NodeId nodeId) {
        // The caller sets which nodes are silent.
    }

    @Override
    public SortedMap<NodeId, Long> silentFor(long durationMs) {
        return Collections.unmodifiableSortedMap(silentMs);
    }

    @Override
    public boolean haveDiffered(NodeId nodeId, AttemptId attempt, long durationMs) {
        return disputed.contains(attempt);
    }

    @Override
    public void agreesExcept(NodeId nodeId, Set<AttemptId> differing) {
        // The caller sets which attempts are disputed.
    }

    @Override
    public void forget(NodeId nodeId) {
        // Nothing to forget.
    }
}
