package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.Node;

/**
 * Prefers GPUs in use to free GPUs, and free GPUs of nodes in use to idle nodes. After Weng et al., "MLaaS in the Wild"
 * (NSDI 2022), with the numbers of the comparison by Weng et al. (USENIX ATC 2023).
 */
final class GpuPacking extends IntegerScorer {
    static final String NAME = "gpu-packing";

    /** Upper end of the scores of idle nodes, and lower end of the scores of free GPUs of a node in use. */
    private static final int IDLE_NODE_MAX = 33;
    /** Upper end of the scores of free GPUs of a node in use, and lower end of the scores of GPUs in use. */
    private static final int FREE_GPU_MAX = 50;

    @Override
    int wholeScore(Node node, Shape shape) {
        GpuRequest request = shape.gpus();
        if (request.count() == 0) {
            return 0;
        }
        int free = 0;
        int inUseFitting = 0;
        int leastLeft = GpuRequest.WHOLE;
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            int left = node.freeMilli(gpu);
            if (left == GpuRequest.WHOLE) {
                free++;
            } else if (Fit.fits(node, gpu, request)) {
                inUseFitting++;
                leastLeft = Math.min(leastLeft, left);
            }
        }
        if (free == node.gpuCount()) {
            return Math.max(IDLE_NODE_MAX - free, free);
        }
        // Only a share fits a GPU in use, and it needs one GPU.
        int freeTaken = request.count() - Math.min(request.count(), inUseFitting);
        if (freeTaken > 0) {
            return Math.max(FREE_GPU_MAX - freeTaken, IDLE_NODE_MAX);
        }
        return Math.max(100 - leastLeft * 100 / GpuRequest.WHOLE / 10, FREE_GPU_MAX);
    }
}
