package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GangLayout;
import io.gpuctl.events.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The nodes that a gang may span: the nodes with a GPU model that the gang allows, in the order of their ids. */
public final class GangNodes implements GangLayout.Sites {
    private final Shape shape;
    private final List<Node> nodes = new ArrayList<>();

    /** Selects from all nodes. The nodes are not copied: their room changes with them. */
    public GangNodes(Shape shape, Collection<Node> all) {
        this.shape = shape;
        for (Node node : all) {
            if (shape.allowsModel(node.inventory().gpuModel())) {
                nodes.add(node);
            }
        }
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
        return shape.part(gpus).lastingObstacle(nodes.get(site).inventory()) == null;
    }

    @Override
    public boolean hasRoom(int site, int gpus) {
        return Fit.obstacle(nodes.get(site), shape.part(gpus)) == null;
    }
}
