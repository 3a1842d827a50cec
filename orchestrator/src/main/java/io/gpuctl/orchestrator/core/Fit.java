package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a task fits a node. The rules are checked in the order of {@link Code}; the first that fails is the
 * result.
 */
public final class Fit {
    private Fit() {}

    /** Returns why the node cannot take the task now; null if it can. Allocates no memory. */
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

    /** Returns whether one GPU of the node has room for the task's share of a GPU. */
    public static boolean fits(Node node, int gpu, GpuRequest request) {
        return node.freeMilli(gpu) >= request.milli() && node.freeGpuMemoryMib(gpu) >= request.memoryMib();
    }
}
