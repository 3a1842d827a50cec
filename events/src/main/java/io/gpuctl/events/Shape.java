package io.gpuctl.events;

import io.gpuctl.events.PendingReason.Code;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a task that decide whether and where it fits. Tasks of equal shape fit on the same nodes, and each
 * node has the same score for all of them.
 *
 * @param maxNodes how many nodes the task may span if no single node could hold it
 * @param gpuModels models that it may run on; empty for any
 */
public record Shape(GpuRequest gpus, int maxNodes, long cpuMilli, long memoryMib, List<String> gpuModels) {
    /** The shape of a task on one node. */
    public Shape(GpuRequest gpus, long cpuMilli, long memoryMib, List<String> gpuModels) {
        this(gpus, 1, cpuMilli, memoryMib, gpuModels);
    }

    public static Shape of(TaskSpec task) {
        return new Shape(task.gpus(), task.maxNodes(), task.cpuMilli(), task.memoryMib(), task.gpuModels());
    }

    /**
     * Returns the part on one node of a task that spans several: CPU and memory in proportion to the GPUs, rounded up.
     *
     * @param gpuCount how many of the task's GPUs are on the node
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

    // Shapes are keys of the indexes of placements. See TaskId for why these are written out.
    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof Shape that
                        && maxNodes == that.maxNodes
                        && cpuMilli == that.cpuMilli
                        && memoryMib == that.memoryMib
                        && gpus.equals(that.gpus)
                        && gpuModels.equals(that.gpuModels));
    }

    @Override
    public int hashCode() {
        int hash = 31 * gpus.hashCode() + maxNodes;
        hash = 31 * hash + Long.hashCode(cpuMilli);
        hash = 31 * hash + Long.hashCode(memoryMib);
        return gpuModels.isEmpty() ? hash : 31 * hash + gpuModels.hashCode();
    }

    public boolean allowsModel(String gpuModel) {
        return gpuModels.isEmpty() || gpuModels.contains(gpuModel);
    }

    /**
     * Returns why the task could not run on the node even if the node were empty: the first rule that fails; null if it
     * could.
     */
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

    /**
     * Returns whether one of the nodes, or as many as the task may span, could run the task if all nodes were empty.
     */
    public boolean couldRunOn(List<NodeInventory> nodes) {
        return nodes.stream().anyMatch(node -> lastingObstacle(node) == null)
                || (maxNodes > 1
                        && !GangLayout.lay(gpus.count(), maxNodes, new EmptyNodes(this, nodes))
                                .isEmpty());
    }

    /**
     * Returns why the task could never run, neither on one of the nodes nor on as many nodes as it may span. By this
     * rule, the orchestrator rejects a task and the API refuses a submission.
     *
     * @param nodes all nodes of the task's pool
     * @return null if the nodes could run the task, or if there are no nodes yet
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
