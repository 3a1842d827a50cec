package io.gpuctl.events;

import java.util.List;

/**
 * The resources that an attempt holds on one node. A gang over several nodes has several allocations, all in one
 * {@link ClusterEvent.TaskPlaced}.
 *
 * @param incarnation the node's incarnation, see {@link NodeEvent.Registered}
 * @param gpus indexes of the GPUs; the attempt holds the same share of each GPU
 * @param gpuMilli thousandths of each GPU
 * @param gpuMemoryMib memory of each GPU, MiB
 */
public record Allocation(
        NodeId nodeId,
        long incarnation,
        List<Integer> gpus,
        int gpuMilli,
        long gpuMemoryMib,
        long cpuMilli,
        long memoryMib) {
    public Allocation {
        Check.present("node_id", nodeId);
        gpus = List.copyOf(Check.maxSize("gpus", gpus, NodeInventory.MAX_GPUS));
        for (int gpu : gpus) {
            Check.inRange("gpus", gpu, 0, NodeInventory.MAX_GPUS - 1);
        }
        Check.inRange("gpu_milli", gpuMilli, 0, GpuRequest.WHOLE);
    }

    /** Returns the sum over all GPUs, in thousandths of a GPU. */
    public long totalGpuMilli() {
        return (long) gpus.size() * gpuMilli;
    }
}
