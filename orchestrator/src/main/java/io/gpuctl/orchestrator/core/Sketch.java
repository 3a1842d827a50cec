package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of a pool's nodes, to try what would fit if they held more or less. It has its own placement, because a
 * placement remembers nodes.
 */
final class Sketch {
    private final Nodes nodes = new Nodes();
    private final Placement placement;
    /** The copies, by the position of the real node. */
    private final List<Copy> copies = new ArrayList<>();

    private static final class Copy {
        final Node node;
        /** The change of the real node that was copied. */
        long ofChange = -1;
        /** The change of the copy that copied it: a later change is of the plan. */
        long madeAt;

        Copy(Node node) {
            this.node = node;
        }
    }

    Sketch(Placement placement) {
        this.placement = placement;
    }

    /** Discards all changes, and copies the nodes as they are. Takes time for the nodes that have changed. */
    void mirror(Nodes real) {
        if (copies.size() != real.size()) {
            addNewNodes(real);
        }
        for (int position = 0; position < copies.size(); position++) {
            Copy copy = copies.get(position);
            Node node = real.at(position);
            if (copy.ofChange != node.changedAt() || copy.madeAt != copy.node.changedAt()) {
                copy.node.mirror(node);
                copy.ofChange = node.changedAt();
                copy.madeAt = copy.node.changedAt();
            }
        }
    }

    private void addNewNodes(Nodes real) {
        for (Node node : real) {
            if (nodes.find(node.id()) == null) {
                nodes.put(Node.sketched(node.inventory(), node.incarnation()));
            }
        }
        copies.clear();
        for (int position = 0; position < real.size(); position++) {
            copies.add(new Copy(find(real.at(position).id())));
        }
    }

    private Node find(NodeId nodeId) {
        Node node = nodes.find(nodeId);
        if (node == null) {
            throw new IllegalStateException("node %s is unknown".formatted(nodeId));
        }
        return node;
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
        for (Allocation allocation : allocations) {
            node(allocation).hold(attempt, allocation);
        }
    }

    /** Holds the allocations whether they are free or not. */
    void overbook(AttemptId attempt, List<Allocation> allocations) {
        for (Allocation allocation : allocations) {
            node(allocation).overbook(attempt, allocation);
        }
    }

    void release(AttemptId attempt, List<Allocation> allocations) {
        for (Allocation allocation : allocations) {
            node(allocation).release(attempt);
        }
    }

    private Node node(Allocation allocation) {
        return find(allocation.nodeId());
    }
}
