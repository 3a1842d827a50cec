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
 * Sees what it is told to see, for one input: for replays, in which the log says what was seen, and for virtual time, in
 * which nobody sends heartbeats. Not thread-safe.
 */
public final class ToldWatch implements Watch {
    private final SortedMap<NodeId, Long> silentMs = new TreeMap<>();
    private final Set<AttemptId> disputed = new TreeSet<>();

    /** Forgets what it was told: nobody is silent, and all agree. */
    public void seeNothing() {
        silentMs.clear();
        disputed.clear();
    }

    /** The node has been silent for so long; more than once, the longest counts. */
    public void seeSilence(NodeId nodeId, long durationMs) {
        silentMs.merge(nodeId, durationMs, Math::max);
    }

    /** The node that speaks next has differed from the book on this attempt for long enough. */
    public void seeDispute(AttemptId attempt) {
        disputed.add(attempt);
    }

    @Override
    public void advance(long nowMs, PoolSettings settings) {
        // It is told what came of the time.
    }

    @Override
    public void heard(NodeId nodeId) {
        // It is told who was not.
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
        // It is told who does not.
    }

    @Override
    public void forget(NodeId nodeId) {
        // There is nothing to forget.
    }
}
