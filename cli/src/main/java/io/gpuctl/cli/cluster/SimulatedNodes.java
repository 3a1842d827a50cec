package io.gpuctl.cli.cluster;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.units.Counted;
import io.gpuctl.simulator.cluster.GpuModels;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The nodes to simulate.
 *
 * @param models the GPU models that are known
 * @param telemetryInterval wall time between two measurements of a node
 */
record SimulatedNodes(List<NodeInventory> inventories, GpuModels models, Duration telemetryInterval) {
    /** The heap of a cluster without nodes. */
    private static final long CLUSTER_MIB = 256;

    /** The heap of a node with 8 GPUs: twice what 20,000 nodes keep. */
    private static final long NODE_KIB = 50;

    SimulatedNodes {
        inventories = List.copyOf(inventories);
    }

    boolean isEmpty() {
        return inventories.isEmpty();
    }

    /**
     * Returns why a whole cluster with these nodes cannot run in a heap; empty if it can. A heap that is almost full
     * would be collected all the time.
     */
    Optional<String> heapProblem(long maxHeapBytes) {
        long maxMib = maxHeapBytes >> 20;
        long neededMib = CLUSTER_MIB + inventories.size() * NODE_KIB / 1024;
        return neededMib <= maxMib
                ? Optional.empty()
                : Optional.of("%s need a heap of %,d MiB, but Java may use %,d MiB: set GPUCTL_JAVA_OPTS=-Xmx%dm"
                        .formatted(Counted.of(inventories.size(), "node"), neededMib, maxMib, neededMib * 3 / 2));
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
