package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GangLayout;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
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

    /** Why the task could not run on the node even if it were empty; null if it could. */
    static @Nullable Code lastingObstacle(NodeInventory node, Shape task) {
        if (!task.allowsModel(node.gpuModel())) {
            return Code.GPU_MODEL_MISMATCH;
        }
        if (node.cpuMilli() < task.cpuMilli()) {
            return Code.INSUFFICIENT_CPU;
        }
        if (node.memoryMib() < task.memoryMib()) {
            return Code.INSUFFICIENT_MEMORY;
        }
        if (task.gpus().count() > 0
                && node.gpuCount() > 0
                && node.gpuMemoryMib() < task.gpus().memoryMib()) {
            return Code.INSUFFICIENT_GPU_MEMORY;
        }
        return node.gpuCount() < task.gpus().count() ? Code.INSUFFICIENT_GPUS : null;
    }

    /**
     * Why no node of the pool, nor as many as the task may span, could ever run it; null if they could, or if there are no
     * nodes yet.
     */
    static @Nullable PendingReason neverFits(Collection<Node> nodes, Shape task) {
        Tally tally = new Tally();
        for (Node node : nodes) {
            Code obstacle = lastingObstacle(node.inventory(), task);
            if (obstacle == null) {
                return null;
            }
            tally.add(obstacle);
        }
        return nodes.isEmpty() || couldSpan(nodes, task) ? null : tally.reason();
    }

    private static boolean couldSpan(Collection<Node> nodes, Shape task) {
        GangNodes empty = GangNodes.ifEmpty(task, nodes);
        return task.maxNodes() > 1
                && !GangLayout.lay(task.gpus().count(), task.maxNodes(), empty).isEmpty();
    }

    /** Counts what ruled nodes out. */
    public static final class Tally {
        private final Map<Code, Integer> nodes = new EnumMap<>(Code.class);

        public void add(Code obstacle) {
            nodes.merge(obstacle, 1, Integer::sum);
        }

        /** Takes one back that was added. */
        public void remove(Code obstacle) {
            nodes.computeIfPresent(obstacle, (code, count) -> count == 1 ? null : count - 1);
        }

        /** The obstacle of most nodes, the first of equals; no nodes at all is a reason of its own. */
        public PendingReason reason() {
            Code most = Code.NO_NODES;
            int count = 0;
            for (Map.Entry<Code, Integer> entry : nodes.entrySet()) {
                if (entry.getValue() > count) {
                    most = entry.getKey();
                    count = entry.getValue();
                }
            }
            return new PendingReason(most, nodes);
        }
    }
}
