package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GangLayout;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes that a gang may span: the nodes with a GPU model that the gang allows, in the order of their ids. */
public final class GangNodes implements GangLayout.Sites {
    private final Shape shape;
    private final List<Node> nodes = new ArrayList<>();
    /** The parts that fit one node, by their number of GPUs, as far as they were asked for. */
    private final @Nullable Shape[] parts = new Shape[NodeInventory.MAX_GPUS + 1];

    /** Selects from all nodes. The nodes are not copied: their room changes with them. */
    public GangNodes(Shape shape, Collection<Node> all) {
        this.shape = shape;
        for (Node node : all) {
            if (shape.allowsModel(node.inventory().gpuModel())) {
                nodes.add(node);
            }
        }
    }

    /** Returns the part of the shape with this number of GPUs. */
    public Shape part(int gpus) {
        if (gpus >= parts.length) {
            return shape.part(gpus);
        }
        Shape part = parts[gpus];
        if (part == null) {
            part = shape.part(gpus);
            parts[gpus] = part;
        }
        return part;
    }

    public Node node(int site) {
        return nodes.get(site);
    }

    @Override
    public int size() {
        return nodes.size();
    }

    @Override
    public int gpus(int site) {
        return nodes.get(site).gpuCount();
    }

    @Override
    public boolean couldHold(int site, int gpus) {
        return part(gpus).lastingObstacle(nodes.get(site).inventory()) == null;
    }

    @Override
    public boolean hasRoom(int site, int gpus) {
        return Fit.obstacle(nodes.get(site), part(gpus)) == null;
    }
}
