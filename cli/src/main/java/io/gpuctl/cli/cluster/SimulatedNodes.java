package io.gpuctl.cli.cluster;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.units.Counted;
import io.gpuctl.simulator.cluster.GpuModels;
import java.time.Duration;
import java.util.List;

/**
 * The nodes to simulate.
 *
 * @param models the GPU models that are known
 * @param telemetryInterval wall time between two measurements of a node
 */
record SimulatedNodes(List<NodeInventory> inventories, GpuModels models, Duration telemetryInterval) {
    SimulatedNodes {
        inventories = List.copyOf(inventories);
    }

    boolean isEmpty() {
        return inventories.isEmpty();
    }

    /** Returns a text for people: "32 nodes, 256 GPUs". */
    String describe() {
        if (isEmpty()) {
            return "no nodes; gpuctl run simulator adds some";
        }
        int gpus = inventories.stream().mapToInt(NodeInventory::gpuCount).sum();
        return Counted.of(inventories.size(), "node") + ", " + Counted.of(gpus, "GPU");
    }
}
