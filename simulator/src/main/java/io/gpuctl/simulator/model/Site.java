package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * The nodes of one process, and what they have in common: the air of their racks, and the gangs that run on several of
 * them.
 *
 * <p>Who runs it takes its nodes through time together: before a node is asked for a moment, what is due earlier on any
 * other must have happened, else what that changes for a gang's other parts comes too late. A gang whose parts run in several processes goes at the slowest pace within each, and ends with its last part.
 *
 * <p>Not thread-safe: of its nodes' thread.
 */
public final class Site {
    private final Map<RackName, Rack> racks = new LinkedHashMap<>();
    private final Map<GangName, Gang> gangs = new LinkedHashMap<>();
    private final SequencedSet<NodeModel> touched = new LinkedHashSet<>();

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
        node.join(this, isInRack ? racks.computeIfAbsent(name, _ -> new Rack(this)) : null, atMs);
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
