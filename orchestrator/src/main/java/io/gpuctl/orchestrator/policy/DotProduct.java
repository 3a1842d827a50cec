package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Node;

/**
 * Prefers the node with the smallest dot product of what is left and what the task asks for, as vectors of CPU and GPU.
 * After Tetris (Grandl et al., "Multi-resource Packing for Cluster Schedulers", SIGCOMM 2014), with the numbers of the
 * comparison by Weng et al. (USENIX ATC 2023).
 */
final class DotProduct extends IntegerScorer {
    static final String NAME = "dot-product";

    @Override
    int wholeScore(Node node, Shape shape) {
        double cpu = (node.freeCpuMilli() / LargeNode.CPU_MILLI) * (shape.cpuMilli() / LargeNode.CPU_MILLI);
        double gpu =
                (Gpus.leftMilli(node) / LargeNode.GPU_MILLI) * (shape.gpus().totalMilli() / LargeNode.GPU_MILLI);
        return (int) (100 * (1 - 0.5 * (cpu + gpu)));
    }
}
