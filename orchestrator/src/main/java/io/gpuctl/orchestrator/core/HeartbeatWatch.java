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
 * Watches the live cluster: remembers when each node was last heard of. Its clock runs only while the orchestrator
 * watches: each tick advances it by at most a bounded step. So the time in which the orchestrator was away, or busy
 * with a backlog that holds the heartbeats, does not count as silence of the nodes.
 *
 * <p>This is not part of the state and may be lost at any time; afterwards every node counts as just heard of.
 */
final class HeartbeatWatch implements Watch {
    /** The nodes in the order in which they were last heard of, the longest silent first. */
    private final Map<NodeId, NodeWatch> nodes = new LinkedHashMap<>();

    private long lastTickMs = Long.MIN_VALUE;
    private long watchedMs;

    private static final class NodeWatch {
        long heardAtMs;
        /**
         * The time since when the node and the state have differed on each attempt. Either side may have an attempt
         * that the other lacks.
         */
        final Map<AttemptId, Long> differsSinceMs = new LinkedHashMap<>();
    }

    /** Each step counts for at most half of the time after which a node is suspect. */
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

    /** Takes time in proportion to the number of silent nodes, not of all nodes. */
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

    /** Returns the watch of a node; an unknown node counts as just heard of. */
    private NodeWatch of(NodeId nodeId) {
        return nodes.computeIfAbsent(nodeId, id -> {
            NodeWatch watch = new NodeWatch();
            watch.heardAtMs = watchedMs;
            return watch;
        });
    }
}
