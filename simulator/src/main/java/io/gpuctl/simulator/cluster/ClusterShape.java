package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import java.util.List;
import java.util.stream.IntStream;

/** Builds a cluster of identical nodes from command-line flags. */
public final class ClusterShape {
    /** Limit on the nodes of one cluster. A larger number is refused as a mistake. */
    public static final int MAX_NODES = 100_000;

    private ClusterShape() {}

    /** Returns nodes with a built-in GPU model, none in a rack. */
    public static List<NodeInventory> of(int nodes, int gpusPerNode, String gpuModel) {
        return of(nodes, NodeShape.of(gpuModel, gpusPerNode), 1, GpuModels.builtIn());
    }

    /** Returns nodes that are in no rack. */
    public static List<NodeInventory> of(int nodes, NodeShape shape, GpuModels models) {
        return of(nodes, shape, 1, models);
    }

    /**
     * Returns nodes "0", "1", ... in the default pool. The first nodes are in rack "0", the next in "1", and so on.
     *
     * @param rackSize nodes in a rack; with 1, no node is in a rack
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

    /** Returns the node in its rack, given the node's index and {@code rackSize} nodes in each rack. */
    static NodeInventory inRack(NodeInventory node, String prefix, int index, int rackSize) {
        return rackSize == 1 ? node : node.in(prefix + index / rackSize, node.nodeId());
    }
}
