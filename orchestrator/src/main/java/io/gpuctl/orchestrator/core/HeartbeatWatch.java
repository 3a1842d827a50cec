package io.gpuctl.orchestrator.core;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Watches live: knows who was heard of when, by a clock that runs only while the orchestrator watches: it advances with the ticks, by at most
 * a bounded step each. So the time in which the orchestrator was away, or was busy with a backlog in which the
 * heartbeats wait, is not held against the nodes.
 *
 * <p>This is no part of the state: it may be forgotten at any time, and then everybody was just heard of.
 */
final class HeartbeatWatch implements Watch {
    /** Those that have not been heard of for the longest time first. */
    private final Map<NodeId, NodeWatch> nodes = new LinkedHashMap<>();

    private long lastTickMs = Long.MIN_VALUE;
    private long watchedMs;

    private static final class NodeWatch {
        long heardAtMs;
        /** Since when the node has been running what it should not, or not running what it should. */
        final Map<AttemptId, Long> differsSinceMs = new LinkedHashMap<>();
    }

    /** At most half of the time after which a node is suspect counts as watched. */
    @Override
    public void advance(long nowMs, PoolSettings settings) {
        if (lastTickMs != Long.MIN_VALUE) {
            long elapsedMs = Math.max(0, nowMs - lastTickMs);
            watchedMs += Math.min(elapsedMs, Math.max(1, settings.suspectAfterMs() / 2));
        }
        lastTickMs = nowMs;
    }

    @Override
    public void heard(NodeId nodeId) {
        NodeWatch watch = of(nodeId);
        watch.heardAtMs = watchedMs;
        nodes.remove(nodeId);
        nodes.put(nodeId, watch);
    }

    /** Takes time in proportion to their number, not to that of all nodes. */
    @Override
    public SortedMap<NodeId, Long> silentFor(long durationMs) {
        SortedMap<NodeId, Long> silent = new TreeMap<>();
        for (Map.Entry<NodeId, NodeWatch> entry : nodes.entrySet()) {
            long silenceMs = watchedMs - entry.getValue().heardAtMs;
            if (silenceMs < durationMs) {
                break;
            }
            silent.put(entry.getKey(), silenceMs);
        }
        return silent;
    }

    @Override
    public boolean haveDiffered(NodeId nodeId, AttemptId attempt, long durationMs) {
        Map<AttemptId, Long> since = of(nodeId).differsSinceMs;
        boolean differed = watchedMs - since.computeIfAbsent(attempt, a -> watchedMs) >= durationMs;
        if (differed) {
            since.put(attempt, watchedMs);
        }
        return differed;
    }

    @Override
    public void agreesExcept(NodeId nodeId, Set<AttemptId> differing) {
        of(nodeId).differsSinceMs.keySet().retainAll(differing);
    }

    @Override
    public void forget(NodeId nodeId) {
        nodes.remove(nodeId);
        heard(nodeId);
    }

    /** A node that nothing is known of was heard of just now. */
    private NodeWatch of(NodeId nodeId) {
        return nodes.computeIfAbsent(nodeId, id -> {
            NodeWatch watch = new NodeWatch();
            watch.heardAtMs = watchedMs;
            return watch;
        });
    }
}
