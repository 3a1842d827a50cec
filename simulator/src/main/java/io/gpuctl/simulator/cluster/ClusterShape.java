package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import java.util.List;
import java.util.stream.IntStream;

/** A cluster of nodes that are all alike, as flags describe it. */
public final class ClusterShape {
    /** More nodes than this in one cluster are refused as a mistake. */
    public static final int MAX_NODES = 100_000;

    private ClusterShape() {}

    /** As below, of a GPU model that comes with the program. */
    public static List<NodeInventory> of(int nodes, int gpusPerNode, String gpuModel) {
        return of(nodes, NodeShape.of(gpuModel, gpusPerNode), GpuModels.builtIn());
    }

    /**
     * Nodes "0", "1", ... in the default pool.
     *
     * @throws InvalidFieldException if a value is not allowed
     */
    public static List<NodeInventory> of(int nodes, NodeShape shape, GpuModels models) {
        if (nodes < 1 || nodes > MAX_NODES) {
            throw new InvalidFieldException("nodes", nodes, "a number from 1 to " + MAX_NODES);
        }
        return IntStream.range(0, nodes)
                .mapToObj(i -> shape.node(models, new NodeId(Integer.toString(i)), PoolId.DEFAULT))
                .toList();
    }
}
