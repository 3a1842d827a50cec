package io.gpuctl.events;

import io.gpuctl.events.PendingReason.Code;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    public boolean allowsModel(String gpuModel) {
        return gpuModels.isEmpty() || gpuModels.contains(gpuModel);
    }

    /** Why it could not run on the node even if that were empty, by the first rule that fails; null if it could. */
    public @Nullable Code lastingObstacle(NodeInventory node) {
        if (!allowsModel(node.gpuModel())) {
            return Code.GPU_MODEL_MISMATCH;
        }
        if (node.cpuMilli() < cpuMilli) {
            return Code.INSUFFICIENT_CPU;
        }
        if (node.memoryMib() < memoryMib) {
            return Code.INSUFFICIENT_MEMORY;
        }
        if (gpus.count() > 0 && node.gpuCount() > 0 && node.gpuMemoryMib() < gpus.memoryMib()) {
            return Code.INSUFFICIENT_GPU_MEMORY;
        }
        return node.gpuCount() < gpus.count() ? Code.INSUFFICIENT_GPUS : null;
    }

    /** Whether one of the nodes, or as many as it may span, could run it if all were empty. */
    public boolean couldRunOn(List<NodeInventory> nodes) {
        return nodes.stream().anyMatch(node -> lastingObstacle(node) == null)
                || (maxNodes > 1
                        && !GangLayout.lay(gpus.count(), maxNodes, new EmptyNodes(this, nodes))
                                .isEmpty());
    }

    /**
     * Why none of the nodes, nor as many of them as the task may span, could ever run it. The one rule by which the
     * orchestrator rejects a task and the API refuses a submission.
     *
     * @param nodes all nodes of the task's pool
     * @return null if some could, or if there are no nodes yet
     */
    public @Nullable PendingReason neverFits(List<NodeInventory> nodes) {
        if (nodes.isEmpty() || couldRunOn(nodes)) {
            return null;
        }
        var tally = new PendingReason.Tally();
        for (NodeInventory node : nodes) {
            Code obstacle = lastingObstacle(node);
            if (obstacle != null) {
                tally.add(obstacle);
            }
        }
        return tally.reason();
    }

    private record EmptyNodes(Shape shape, List<NodeInventory> nodes) implements GangLayout.Sites {
        EmptyNodes {
            nodes = nodes.stream()
                    .filter(node -> shape.allowsModel(node.gpuModel()))
                    .toList();
        }

        @Override
        public int size() {
            return nodes.size();
        }

        @Override
        public int gpus(int site) {
            return nodes.get(site).gpuCount();
        }

        @Override
        public boolean couldHold(int site, int gpus) {
            return shape.part(gpus).lastingObstacle(nodes.get(site)) == null;
        }

        @Override
        public boolean hasRoom(int site, int gpus) {
            return couldHold(site, gpus);
        }
    }
}
