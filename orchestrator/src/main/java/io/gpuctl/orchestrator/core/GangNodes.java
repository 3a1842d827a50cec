package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GangLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The nodes that a gang may span: those of a model that it allows, in the order of their ids. */
public final class GangNodes implements GangLayout.Sites {
    private final Shape shape;
    private final boolean areEmpty;
    private final List<Node> nodes = new ArrayList<>();

    private GangNodes(Shape shape, boolean areEmpty, Collection<Node> all) {
        this.shape = shape;
        this.areEmpty = areEmpty;
        for (Node node : all) {
            if (shape.allowsModel(node.inventory().gpuModel())) {
                nodes.add(node);
            }
        }
    }

    /** With the room that they have now. */
    public static GangNodes asTheyAre(Shape shape, Collection<Node> all) {
        return new GangNodes(shape, false, all);
    }

    /** With the room that they would have if all were up and empty. */
    static GangNodes ifEmpty(Shape shape, Collection<Node> all) {
        return new GangNodes(shape, true, all);
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
        return Fit.lastingObstacle(nodes.get(site).inventory(), shape.part(gpus)) == null;
    }

    @Override
    public boolean hasRoom(int site, int gpus) {
        return areEmpty ? couldHold(site, gpus) : Fit.obstacle(nodes.get(site), shape.part(gpus)) == null;
    }
}
