package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one process, and what they have in common: the air of their racks, and the gangs that run on several of
 * them.
 *
 * <p>The caller takes the nodes through time together, in the order of {@link #firstDue}: before a node is asked for a
 * moment, whatever is due earlier on any other node must have happened. Otherwise its effect on the other parts of a gang
 * would come too late. A gang whose parts run in several processes runs at the slowest pace within each process, and ends
 * with its last part.
 *
 * <p>Not thread-safe: for the thread that runs the nodes.
 */
public final class Site {
    private final Map<RackName, Rack> racks = new LinkedHashMap<>();
    private final Map<GangName, Gang> gangs = new LinkedHashMap<>();
    private final SequencedSet<NodeModel> touched = new LinkedHashSet<>();
    /** By the time of their next event; those in {@link #moved} may stand at the wrong place, or not at all. */
    private final TreeSet<NodeModel> byDue = new TreeSet<>(NodeModel.BY_FILED_DUE);

    private final SequencedSet<NodeModel> moved = new LinkedHashSet<>();
    private long seats;

    private record RackName(PoolId pool, String rack) {}

    private record GangName(PoolId pool, AttemptId attempt) {}

    /**
     * To be called when a node starts, before anything is begun on it, or when it goes on. It is part of the site until it {@link
     * NodeModel#leave}s.
     */
    public void add(NodeModel node, long atMs) {
        NodeInventory inventory = node.inventory();
        boolean isInRack = !inventory.rack().isEmpty() && inventory.gpuCount() > 0;
        var name = new RackName(inventory.pool(), inventory.rack());
        node.join(this, seats++, isInRack ? racks.computeIfAbsent(name, _ -> new Rack(this)) : null, atMs);
        moved.add(node);
    }

    /**
     * The node on which something happens first by itself; null if nothing will happen on any. If several nodes are due at
     * one moment, the node that started first.
     */
    public @Nullable NodeModel firstDue() {
        fileMoved();
        return byDue.isEmpty() ? null : byDue.getFirst();
    }

    /** When something happens first by itself on any node, ms; {@link NodeModel#NEVER} if nothing will. */
    public long nextEventMs() {
        NodeModel first = firstDue();
        return first == null ? NodeModel.NEVER : first.filedDueMs();
    }

    private void fileMoved() {
        for (NodeModel node : moved) {
            long dueMs = node.nextEventMs();
            if (dueMs != node.filedDueMs()) {
                byDue.remove(node);
                node.file(dueMs);
                if (dueMs != NodeModel.NEVER) {
                    byDue.add(node);
                }
            }
        }
        moved.clear();
    }

    /** The next event of this node may have become another by what the node itself did. */
    void moved(NodeModel node) {
        moved.add(node);
    }

    /** The node is part of the site no more, and is forgotten. */
    void left(NodeModel node) {
        touched.remove(node);
        moved.remove(node);
        byDue.remove(node);
    }

    /**
     * The nodes, once each, whose next event may have become another since this was last asked by something that happened
     * on others: to be asked after each call on any node.
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
        moved.add(node);
    }

    /** A part of an attempt begins; most have one part only. */
    Gang join(PoolId pool, Attempts host, RunningAttempt attempt) {
        Gang gang = gangs.computeIfAbsent(new GangName(pool, attempt.id()), _ -> new Gang());
        gang.add(host, attempt);
        return gang;
    }

    /** That part is over. */
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
