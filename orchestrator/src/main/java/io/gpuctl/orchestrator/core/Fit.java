package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import org.jspecify.annotations.Nullable;

/** Whether a task has room on a node. The rules are examined in the order of {@link Code}; the first that fails is told. */
public final class Fit {
    private Fit() {}

    /** Why the node cannot take the task now; null if it can. Allocates nothing. */
    public static @Nullable Code obstacle(Node node, Shape task) {
        if (node.state() != NodeState.UP) {
            return Code.NODE_NOT_READY;
        }
        if (node.isCordoned()) {
            return Code.NODE_CORDONED;
        }
        if (node.isFull()) {
            return Code.TOO_MANY_TASKS;
        }
        if (!task.allowsModel(node.inventory().gpuModel())) {
            return Code.GPU_MODEL_MISMATCH;
        }
        if (node.freeCpuMilli() < task.cpuMilli()) {
            return Code.INSUFFICIENT_CPU;
        }
        if (node.freeMemoryMib() < task.memoryMib()) {
            return Code.INSUFFICIENT_MEMORY;
        }
        return gpuObstacle(node, task.gpus());
    }

    private static @Nullable Code gpuObstacle(Node node, GpuRequest request) {
        int withRoom = 0;
        int withRoomAndMemory = 0;
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            if (node.freeMilli(gpu) >= request.milli()) {
                withRoom++;
                if (node.freeGpuMemoryMib(gpu) >= request.memoryMib()) {
                    withRoomAndMemory++;
                }
            }
        }
        if (withRoomAndMemory >= request.count()) {
            return null;
        }
        boolean tooSmall = node.gpuCount() > 0 && node.inventory().gpuMemoryMib() < request.memoryMib();
        return tooSmall || withRoom >= request.count() ? Code.INSUFFICIENT_GPU_MEMORY : Code.INSUFFICIENT_GPUS;
    }

    /** Whether one GPU of the node has room for the task's share of it. */
    public static boolean fits(Node node, int gpu, GpuRequest request) {
        return node.freeMilli(gpu) >= request.milli() && node.freeGpuMemoryMib(gpu) >= request.memoryMib();
    }
}
