package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import java.util.List;

/**
 * A copy of a pool's nodes, to try what would fit if they held more or less. It has its own placement, because a
 * placement remembers nodes.
 */
final class Sketch {
    private final Nodes nodes = new Nodes();
    private final Placement placement;

    Sketch(Placement placement) {
        this.placement = placement;
    }

    /** Discards all changes, and copies the nodes as they are. */
    void mirror(Nodes real) {
        for (Node node : real) {
            Node copy = nodes.find(node.id());
            if (copy == null) {
                copy = new Node(node.inventory(), node.incarnation());
                nodes.put(copy);
            }
            copy.mirror(node);
        }
    }

    Placement.Choice choose(Placement.Request request) {
        return placement.choose(request, nodes);
    }

    boolean hasRoomFor(List<Allocation> allocations) {
        for (Allocation allocation : allocations) {
            if (!node(allocation).hasRoomFor(allocation)) {
                return false;
            }
        }
        return true;
    }

    void hold(AttemptId attempt, List<Allocation> allocations) {
        allocations.forEach(allocation -> node(allocation).hold(attempt, allocation));
    }

    /** Holds the allocations whether they are free or not. */
    void overbook(AttemptId attempt, List<Allocation> allocations) {
        allocations.forEach(allocation -> node(allocation).overbook(attempt, allocation));
    }

    void release(AttemptId attempt, List<Allocation> allocations) {
        allocations.forEach(allocation -> node(allocation).release(attempt));
    }

    private Node node(Allocation allocation) {
        Node node = nodes.find(allocation.nodeId());
        if (node == null) {
            throw new IllegalStateException("node %s is unknown".formatted(allocation.nodeId()));
        }
        return node;
    }
}
