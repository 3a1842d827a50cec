package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GangLayout;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The smallest shapes that tasks ask of one node, without shapes that ask for at least as much as another. If any task
 * fits a node, one of these shapes does. There are few of them, even for many tasks.
 */
final class SmallestShapes {
    private final Nodes nodes;
    /** The GPU counts of the nodes. */
    private final Set<Integer> sizes = new TreeSet<>();

    private final Set<Shape> gangs = new LinkedHashSet<>();
    private final List<Shape> smallest = new ArrayList<>();

    SmallestShapes(Nodes nodes) {
        this.nodes = nodes;
        nodes.forEach(node -> sizes.add(node.gpuCount()));
        sizes.remove(0);
    }

    /** Adds a task. Ignores a task without GPUs, which leaves the GPUs of its node free. */
    void add(TaskSpec task) {
        if (task.gpus().count() == 0) {
            return;
        }
        Shape shape = Shape.of(task);
        if (shape.maxNodes() == 1) {
            keep(shape);
        } else if (gangs.add(shape)) {
            if (GangLayout.spans(shape.gpus().count(), new GangNodes(shape, nodes))) {
                addMembers(shape);
            } else {
                keep(shape);
            }
        }
    }

    /** Adds the shapes of the gang's members: full nodes, and one node with the remainder; see {@link GangLayout}. */
    private void addMembers(Shape gang) {
        int gpus = gang.gpus().count();
        for (int size : sizes) {
            if (Math.ceilDiv(gpus, size) <= gang.maxNodes()) {
                keep(gang.part(size));
                if (gpus % size > 0) {
                    keep(gang.part(gpus % size));
                }
            }
        }
    }

    private void keep(Shape shape) {
        for (Shape other : smallest) {
            if (asksForNoMore(other, shape)) {
                return;
            }
        }
        smallest.removeIf(other -> asksForNoMore(shape, other));
        smallest.add(shape);
    }

    private static boolean asksForNoMore(Shape one, Shape other) {
        return one.gpus().count() <= other.gpus().count()
                && one.gpus().milli() <= other.gpus().milli()
                && one.gpus().memoryMib() <= other.gpus().memoryMib()
                && one.cpuMilli() <= other.cpuMilli()
                && one.memoryMib() <= other.memoryMib()
                && (one.gpuModels().isEmpty()
                        || (!other.gpuModels().isEmpty() && one.gpuModels().containsAll(other.gpuModels())));
    }

    boolean isEmpty() {
        return smallest.isEmpty();
    }

    boolean anyFits(Node node) {
        for (Shape shape : smallest) {
            if (Fit.obstacle(node, shape) == null) {
                return true;
            }
        }
        return false;
    }
}
