package io.gpuctl.simulator.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that blow warm air into one another's inlets: the more power all of them draw, the warmer is each inlet.
 *
 * <p>The air temperature is updated every {@link #PERIOD_MS} of cluster time if a load has changed. Between two updates
 * it is constant, so the closed forms hold, and results do not depend on how often a node is asked. For this, the nodes
 * of a rack advance together: before one is asked for a time, all events on the others until that time have happened.
 *
 * <p>Not thread-safe: for the thread that runs the nodes.
 */
public final class Rack {
    /** Updates happen at whole multiples of this. Air in a room settles in about this time. */
    public static final long PERIOD_MS = 10_000;

    /** Rise with all GPUs of the rack at full power; an estimate, between free air and a closed corner. */
    public static final double RISE_CELSIUS = 4;

    private final Site site;
    private final List<NodeModel> nodes = new ArrayList<>();
    private long dueMs = ThermalPath.NEVER;
    private double riseCelsius;

    Rack(Site site) {
        this.site = site;
    }

    /** Adds a node that starts in this rack. */
    void add(NodeModel node, long atMs) {
        if (nodes.isEmpty()) {
            riseCelsius = node.inlet().rackCelsius(); // A resumed node is as warm as the rack was.
        }
        nodes.add(node);
        node.breathe(riseCelsius, atMs);
        changed(atMs);
    }

    /** Removes a node, which draws no more power. */
    void remove(NodeModel node, long atMs) {
        nodes.remove(node);
        changed(atMs);
    }

    /** Plans an update, since the load of a node has changed. */
    void changed(long atMs) {
        due(Math.min(dueMs, Math.floorDiv(atMs, PERIOD_MS) * PERIOD_MS + PERIOD_MS));
    }

    private void due(long nextMs) {
        if (nextMs != dueMs) {
            dueMs = nextMs;
            nodes.forEach(site::touch);
        }
    }

    /** Returns when the next update is due; {@link ThermalPath#NEVER} if no load has changed. */
    long dueMs() {
        return dueMs;
    }

    /** Handles all due events of the nodes in the order of time, then of nodes; an air update goes first. */
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
