package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Node;

/**
 * Groups tasks that ask for the same number of GPUs: shares, single GPUs, pairs and so on are separate classes. After
 * Gandiva (Xiao et al., "Gandiva: Introspective Cluster Scheduling for Deep Learning", OSDI 2018), with the numbers of
 * the comparison by Weng et al. (USENIX ATC 2023).
 */
final class GpuClustering extends IntegerScorer {
    static final String NAME = "gpu-clustering";

    private static final int ONLY_ITS_CLASS = 75;
    private static final int AMONG_OTHERS = 50;
    private static final int NO_GPU_TASKS = 25;
    private static final int FULLNESS_MAX = 25;

    private static final int CLASS_OF_SHARES = 0;
    /** All tasks with at least this many GPUs on a node form one class. */
    private static final int CLASS_MAX = Long.SIZE - 1;

    /** One bit for each class that the node hosts. */
    private final PerNode<Long> hostedClasses = new PerNode<>(GpuClustering::hostedClasses);

    @Override
    int wholeScore(Node node, Shape shape) {
        GpuRequest request = shape.gpus();
        if (request.count() == 0) {
            return 0;
        }
        long usedMilli = (long) LargeNode.GPU_MILLI - Gpus.leftMilli(node);
        int fullness = Math.toIntExact(Math.floorDiv(FULLNESS_MAX * usedMilli, (long) LargeNode.GPU_MILLI));
        long hosted = hostedClasses.of(node);
        long own = bit(request.count(), request.milli());
        if (hosted == own) {
            return fullness + ONLY_ITS_CLASS;
        }
        if ((hosted & own) != 0) {
            return fullness + AMONG_OTHERS;
        }
        return hosted == 0 ? fullness + NO_GPU_TASKS : fullness;
    }

    private static long hostedClasses(Node node) {
        long classes = 0;
        for (Allocation allocation : node.held().values()) {
            if (!allocation.gpus().isEmpty()) {
                classes |= bit(allocation.gpus().size(), allocation.gpuMilli());
            }
        }
        return classes;
    }

    private static long bit(int gpus, int milli) {
        return 1L << (milli < GpuRequest.WHOLE ? CLASS_OF_SHARES : Math.min(gpus, CLASS_MAX));
    }
}
