package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Placement.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * Chooses a random node with room, all with the same probability; for a task that needs one GPU, also a random GPU with
 * room. The draw depends only on the seed, the task's submission and the attempt, so a replay draws the same.
 */
final class RandomFit implements Scorer {
    static final String NAME = "random";

    /** The purposes make the draw of the GPU independent of the draw of the node. */
    private static final long NODE_DRAW = 1;

    private static final long GPU_DRAW = 2;

    private final long seed;

    RandomFit(long seed) {
        this.seed = seed;
    }

    @Override
    public double score(Node node, Shape shape) {
        return 0;
    }

    @Override
    public SortedMap<String, Double> parts(Node node, Shape shape) {
        return Collections.emptySortedMap();
    }

    @Override
    public Node pick(ShapeIndex index, Request request) {
        return index.fitting(nodeNumber(request, index.fittingCount()));
    }

    /** Returns which of the {@code fitting} nodes with room is drawn, from 0 in the order of the nodes. */
    int nodeNumber(Request request, int fitting) {
        return draw(request, NODE_DRAW, fitting);
    }

    @Override
    public List<Integer> gpus(Node node, Request request) {
        if (request.shape().gpus().count() != 1) {
            return Gpus.first(node, request.shape().gpus());
        }
        List<Integer> fitting = new ArrayList<>(node.gpuCount());
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            if (Fit.fits(node, gpu, request.shape().gpus())) {
                fitting.add(gpu);
            }
        }
        return List.of(fitting.get(draw(request, GPU_DRAW, fitting.size())));
    }

    private int draw(Request request, long purpose, int bound) {
        long placement = Mix.of(Mix.of(seed, request.submitSequence()), request.attempt());
        return Mix.below(bound, Mix.of(placement, purpose));
    }
}
