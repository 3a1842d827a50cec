package io.gpuctl.simulator.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that blow warm air into one another's inlets: the more all of them draw, the warmer it is in front of each.
 *
 * <p>The air is looked at every {@link #PERIOD_MS} of cluster time, if a load has changed since: between two looks it is
 * constant, so all closed forms hold, and how often a node is asked changes nothing. To that end the nodes of a rack go
 * through time together: what happens on any of them until a moment has happened before one is asked for that moment.
 *
 * <p>Not thread-safe: of its nodes' thread.
 */
public final class Rack {
    /** At whole multiples of it. Air in a room settles within about as long. */
    public static final long PERIOD_MS = 10_000;

    /** With all GPUs of the rack at full power; an estimate: between a rack in free air and one in a closed corner. */
    public static final double RISE_CELSIUS = 4;

    private final Site site;
    private final List<NodeModel> nodes = new ArrayList<>();
    private long dueMs = ThermalPath.NEVER;
    private double riseCelsius;

    Rack(Site site) {
        this.site = site;
    }

    /** A node starts here. */
    void add(NodeModel node, long atMs) {
        if (nodes.isEmpty()) {
            riseCelsius = node.inlet().rackCelsius(); // Of a node that was suspended: as warm as the rack was.
        }
        nodes.add(node);
        node.breathe(riseCelsius, atMs);
        changed(atMs);
    }

    /** A node is gone, and draws nothing any more. */
    void remove(NodeModel node, long atMs) {
        nodes.remove(node);
        changed(atMs);
    }

    /** The load of a node has changed. */
    void changed(long atMs) {
        due(Math.min(dueMs, Math.floorDiv(atMs, PERIOD_MS) * PERIOD_MS + PERIOD_MS));
    }

    private void due(long nextMs) {
        if (nextMs != dueMs) {
            dueMs = nextMs;
            nodes.forEach(site::touch);
        }
    }

    /** When it will look at the air; {@link ThermalPath#NEVER} if nothing has changed. */
    long dueMs() {
        return dueMs;
    }

    /** Lets all happen on all nodes that is due, in the order of time, then of nodes; the air goes first. */
    void letPass(long nowMs) {
        while (true) {
            NodeModel first = first();
            long eventMs = first == null ? ThermalPath.NEVER : first.ownNextEventMs();
            if (Math.min(eventMs, dueMs) > nowMs) {
                return;
            }
            if (first == null || dueMs <= eventMs) {
                look();
            } else {
                first.happenNext();
                site.touch(first);
            }
        }
    }

    private @Nullable NodeModel first() {
        NodeModel first = null;
        for (NodeModel node : nodes) {
            if (first == null || node.ownNextEventMs() < first.ownNextEventMs()) {
                first = node;
            }
        }
        return first;
    }

    private void look() {
        long atMs = dueMs;
        due(ThermalPath.NEVER);
        double asked = 0;
        double full = 0;
        for (NodeModel node : nodes) {
            asked += node.inlet().askedMilliwatts();
            full += node.inlet().fullMilliwatts();
        }
        double now = full == 0 ? 0 : RISE_CELSIUS * asked / full;
        if (now != riseCelsius) {
            riseCelsius = now;
            nodes.forEach(node -> node.breathe(now, atMs));
        }
    }
}
