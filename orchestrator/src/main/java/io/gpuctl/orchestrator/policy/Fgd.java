package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.TargetWorkload.Kind;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Placement.Request;
import java.util.List;

/**
 * Fragmentation gradient descent: prefers the place that keeps the cluster's free GPU capacity most usable for the
 * expected tasks. Weng et al., "Beware of Fragmentation: Scheduling GPU-Sharing Workloads with Fragmentation Gradient
 * Descent", USENIX ATC 2023; the measure is in {@link Fragmentation}.
 *
 * <p>A node's score is 100 / (1 + e^-d), truncated, where d is the decrease of its fragmentation, in GPUs. For a share
 * of a GPU, the score is that of the best GPU, which the task gets; among equals, the first.
 */
final class Fgd extends IntegerScorer {
    static final String NAME = "fgd";

    /** The default expected workload: mostly shares and single GPUs, as in the openb trace, and some gangs. */
    static final TargetWorkload DEFAULT_TARGET = new TargetWorkload(List.of(
            new Kind(0, 1_000, 1, List.of(), 0.45),
            new Kind(0, 500, 1, List.of(), 0.20),
            new Kind(0, 800, 1, List.of(), 0.15),
            new Kind(0, 250, 1, List.of(), 0.10),
            new Kind(0, 1_000, 2, List.of(), 0.04),
            new Kind(0, 1_000, 4, List.of(), 0.03),
            new Kind(0, 1_000, 8, List.of(), 0.03)));

    private final Fragmentation fragmentation;

    Fgd(TargetWorkload target) {
        fragmentation = new Fragmentation(target.isEmpty() ? DEFAULT_TARGET : target);
    }

    @Override
    int wholeScore(Node node, Shape shape) {
        GpuRequest request = shape.gpus();
        if (request.count() == 0) {
            return score(node, shape, 0);
        }
        return isShare(request) ? bestShare(node, shape) : score(node, shape, Gpus.firstFitting(node, request));
    }

    @Override
    public List<Integer> gpus(Node node, Request request) {
        Shape shape = request.shape();
        if (!isShare(shape.gpus())) {
            return Gpus.first(node, shape.gpus());
        }
        int best = bestShare(node, shape);
        int gpu = 0;
        while (!Fit.fits(node, gpu, shape.gpus()) || score(node, shape, gpu) < best) {
            gpu++;
        }
        return List.of(gpu);
    }

    private static boolean isShare(GpuRequest request) {
        return request.count() == 1 && request.milli() < GpuRequest.WHOLE;
    }

    private int bestShare(Node node, Shape shape) {
        int best = Integer.MIN_VALUE;
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            if (Fit.fits(node, gpu, shape.gpus()) && !hasTwinBefore(node, gpu, shape.gpus())) {
                best = Math.max(best, score(node, shape, gpu));
            }
        }
        return best;
    }

    /** Returns whether an earlier GPU has the same score, because it has as much left. */
    private static boolean hasTwinBefore(Node node, int gpu, GpuRequest request) {
        for (int before = 0; before < gpu; before++) {
            if (node.freeMilli(before) == node.freeMilli(gpu) && Fit.fits(node, before, request)) {
                return true;
            }
        }
        return false;
    }

    private int score(Node node, Shape shape, int gpu) {
        GpuRequest request = shape.gpus();
        double after = fragmentation.after(node, shape.cpuMilli(), gpu, request.count(), request.milli());
        double fallInGpus = (fragmentation.of(node) - after) / GpuRequest.WHOLE;
        return (int) (100 * sigmoid(fallInGpus));
    }

    /** Uses StrictMath: the last digit affects the truncation, and must not depend on the machine. */
    private static double sigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }
}
