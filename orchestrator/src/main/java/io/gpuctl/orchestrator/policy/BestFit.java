package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Node;

/**
 * Prefers the node with the least left once the task runs there; CPU and GPU count equally, each as a share of a large
 * node. The rule of Protean (Hadary et al., "Protean: VM Allocation Service at Scale", OSDI 2020), with the numbers of
 * the comparison by Weng et al. (USENIX ATC 2023).
 */
final class BestFit extends IntegerScorer {
    static final String NAME = "best-fit";

    @Override
    int wholeScore(Node node, Shape shape) {
        double cpuLeft = (node.freeCpuMilli() - shape.cpuMilli()) / LargeNode.CPU_MILLI;
        double gpuLeft = (Gpus.leftMilli(node) - shape.gpus().totalMilli()) / LargeNode.GPU_MILLI;
        return (int) (100 * (1 - 0.5 * cpuLeft - 0.5 * gpuLeft));
    }
}
