package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskSpec;
import java.util.List;

/**
 * What matters of a task for whether and where it fits: tasks that are equal in it fit or not together, and every node
 * scores alike for them.
 *
 * @param maxNodes how many nodes it may span if none could hold it
 * @param gpuModels models that it may run on; empty for any
 */
public record Shape(GpuRequest gpus, int maxNodes, long cpuMilli, long memoryMib, List<String> gpuModels) {
    /** Of a task on one node. */
    public Shape(GpuRequest gpus, long cpuMilli, long memoryMib, List<String> gpuModels) {
        this(gpus, 1, cpuMilli, memoryMib, gpuModels);
    }

    public static Shape of(TaskSpec task) {
        return new Shape(task.gpus(), task.maxNodes(), task.cpuMilli(), task.memoryMib(), task.gpuModels());
    }

    /**
     * What of it is on one node if it spans several: CPU and memory in proportion to the GPUs, rounded up.
     *
     * @param gpuCount how many of its GPUs
     */
    public Shape part(int gpuCount) {
        if (gpuCount == gpus.count()) {
            return this;
        }
        return new Shape(
                GpuRequest.whole(gpuCount, gpus.memoryMib()),
                1,
                Math.ceilDiv(cpuMilli * gpuCount, gpus.count()),
                Math.ceilDiv(memoryMib * gpuCount, gpus.count()),
                gpuModels);
    }

    boolean allowsModel(String gpuModel) {
        return gpuModels.isEmpty() || gpuModels.contains(gpuModel);
    }
}
