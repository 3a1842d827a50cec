package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskSpec;
import java.util.List;

/**
 * What matters of a task for whether and where it fits: tasks that are equal in it fit or not together, and every node
 * scores alike for them.
 *
 * @param gpuModels models that it may run on; empty for any
 */
public record Shape(GpuRequest gpus, long cpuMilli, long memoryMib, List<String> gpuModels) {
    public static Shape of(TaskSpec task) {
        return new Shape(task.gpus(), task.cpuMilli(), task.memoryMib(), task.gpuModels());
    }

    boolean allowsModel(String gpuModel) {
        return gpuModels.isEmpty() || gpuModels.contains(gpuModel);
    }
}
