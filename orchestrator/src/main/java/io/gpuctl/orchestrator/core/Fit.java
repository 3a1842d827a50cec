package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
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

    /**
     * Why no node of the pool, nor as many as the task may span, could ever run it; null if they could, or if there are no
     * nodes yet.
     */
    static @Nullable PendingReason neverFits(Collection<Node> nodes, Shape task) {
        List<NodeInventory> inventories = nodes.stream().map(Node::inventory).toList();
        if (inventories.isEmpty() || task.couldRunOn(inventories)) {
            return null;
        }
        Tally tally = new Tally();
        for (NodeInventory node : inventories) {
            Code obstacle = task.lastingObstacle(node);
            if (obstacle != null) {
                tally.add(obstacle);
            }
        }
        return tally.reason();
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
