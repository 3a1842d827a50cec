package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one process, which share the air of their racks and the gangs that run on several of them.
 *
 * <p>The caller advances the nodes together, in the order of {@link #firstDue}: before a node is asked for a time, all
 * earlier events on other nodes must have happened. Otherwise their effect on the other parts of a gang would come too
 * late. A gang whose parts run in several processes runs at the slowest pace within each process, and ends with its
 * last part.
 *
 * <p>Not thread-safe: for the thread that runs the nodes.
 */
public final class Site {
    private final Map<RackName, Rack> racks = new LinkedHashMap<>();
    private final Map<GangName, Gang> gangs = new LinkedHashMap<>();
    private final SequencedSet<NodeModel> touched = new LinkedHashSet<>();
    /** Nodes by the time of their next event. Nodes in {@link #moved} may be in the wrong place or missing. */
    private final DueQueue<NodeModel> byDue = new DueQueue<>(NodeModel.BY_FILED_DUE);

    /** Nodes that are to be filed again, each once. */
    private final List<NodeModel> moved = new ArrayList<>();

    private long seats;

    private record RackName(PoolId pool, String rack) {}

    private record GangName(PoolId pool, AttemptId attempt) {
        // Every attempt is looked up twice. What a record gets by itself runs through method handles.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof GangName that && attempt.equals(that.attempt) && pool.equals(that.pool);
        }

        @Override
        public int hashCode() {
            return attempt.hashCode();
        }
    }

    /**
     * Adds a node that starts or resumes. Call this before any attempt begins on the node. The node is part of the site
     * until {@link NodeModel#leave}.
     */
    public void add(NodeModel node, long atMs) {
        NodeInventory inventory = node.inventory();
        boolean isInRack = !inventory.rack().isEmpty() && inventory.gpuCount() > 0;
        var name = new RackName(inventory.pool(), inventory.rack());
        node.join(this, seats++, isInRack ? racks.computeIfAbsent(name, _ -> new Rack(this)) : null, atMs);
        moved(node);
    }

    /**
     * Returns the node with the earliest next event; null if no node has one. If several nodes are due at the same
     * time, returns the one that started first.
     */
    public @Nullable NodeModel firstDue() {
        fileMoved();
        return byDue.first();
    }

    /** Returns the time of the earliest event of any node, ms; {@link NodeModel#NEVER} if there is none. */
    public long nextEventMs() {
        NodeModel first = firstDue();
        return first == null ? NodeModel.NEVER : first.filedDueMs();
    }

    private void fileMoved() {
        for (NodeModel node : moved) {
            node.fileIn(byDue);
        }
        moved.clear();
    }

    /** Notes that the next event of a node may have changed by an action of the node itself. */
    void moved(NodeModel node) {
        if (node.noteMoved()) {
            moved.add(node);
        }
    }

    /** Forgets a node that has left the site. */
    void left(NodeModel node) {
        touched.remove(node);
        moved.remove(node);
        byDue.remove(node);
    }

    /**
     * Returns the nodes whose next event may have changed since the last call because of other nodes, each node once.
     * Call this after each call on any node.
     */
    public List<NodeModel> takeTouched() {
        if (touched.isEmpty()) {
            return List.of();
        }
        List<NodeModel> taken = List.copyOf(touched);
        touched.clear();
        return taken;
    }

    void touch(NodeModel node) {
        touched.add(node);
        moved(node);
    }

    /** Adds a part of an attempt that begins; most attempts have only one part. */
    Gang join(PoolId pool, Attempts host, RunningAttempt attempt) {
        Gang gang = gangs.computeIfAbsent(new GangName(pool, attempt.id()), _ -> new Gang());
        gang.add(host, attempt);
        return gang;
    }

    /** Removes a part of an attempt that has ended. */
    void leave(PoolId pool, RunningAttempt attempt, long atMs) {
        var name = new GangName(pool, attempt.id());
        Gang gang = gangs.get(name);
        if (gang != null) {
            gang.remove(attempt, atMs);
            if (gang.isEmpty()) {
                gangs.remove(name);
            }
        }
    }
}
