package io.gpuctl.simulator.faults;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeId;

/**
 * A fault of a node or GPU.
 *
 * @param atMs when the fault happens
 * @param gpu index of the GPU, or {@link #WHOLE_NODE}
 * @param xid NVIDIA's error number; 0 for every kind but {@link FaultKind#XID}
 * @param repairMs how long the repair takes; 0 for a kind that needs no repair
 * @param factor for a straggler, the share of its pace that is left, above 0, at most 1; else 1
 * @param minCelsius the fault does not happen on a GPU that is cooler than this
 */
public record Fault(
        long atMs, NodeId nodeId, FaultKind kind, int xid, int gpu, long repairMs, double factor, double minCelsius) {
    /** Stands for the node as a whole instead of a GPU. */
    public static final int WHOLE_NODE = -1;

    /** Returns the same fault on another GPU. */
    Fault on(int otherGpu) {
        return new Fault(atMs, nodeId, kind, xid, otherGpu, repairMs, factor, minCelsius);
    }

    /** A fault that happens at any temperature. */
    public Fault(long atMs, NodeId nodeId, FaultKind kind, int xid, int gpu, long repairMs, double factor) {
        this(atMs, nodeId, kind, xid, gpu, repairMs, factor, Double.NEGATIVE_INFINITY);
    }
}
