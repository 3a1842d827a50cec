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
        return of(nodes, NodeShape.of(gpuModel, gpusPerNode), 1, GpuModels.builtIn());
    }

    /** As below, each node alone. */
    public static List<NodeInventory> of(int nodes, NodeShape shape, GpuModels models) {
        return of(nodes, shape, 1, models);
    }

    /**
     * Nodes "0", "1", ... in the default pool; the first ones in rack "0", the next ones in rack "1", and so on.
     *
     * @param rackSize nodes in a rack; with 1, each stands alone
     * @throws InvalidFieldException if a value is not allowed
     */
    public static List<NodeInventory> of(int nodes, NodeShape shape, int rackSize, GpuModels models) {
        if (nodes < 1 || nodes > MAX_NODES) {
            throw new InvalidFieldException("nodes", nodes, "a number from 1 to " + MAX_NODES);
        }
        requireRackSize(rackSize);
        return IntStream.range(0, nodes)
                .mapToObj(i ->
                        inRack(shape.node(models, new NodeId(Integer.toString(i)), PoolId.DEFAULT), "", i, rackSize))
                .toList();
    }

    static void requireRackSize(int rackSize) {
        if (rackSize < 1 || rackSize > MAX_NODES) {
            throw new InvalidFieldException("rack_size", rackSize, "a number from 1 to " + MAX_NODES);
        }
    }

    /** The node in its place: of {@code rackSize} nodes in a rack each, it is that of this index. */
    static NodeInventory inRack(NodeInventory node, String prefix, int index, int rackSize) {
        return rackSize == 1 ? node : node.in(prefix + index / rackSize, node.nodeId());
    }
}
