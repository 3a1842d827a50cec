package io.gpuctl.simulator.faults;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeId;

/**
 * Something that breaks.
 *
 * @param atMs when
 * @param gpu which GPU, -1 if it is the node
 * @param xid NVIDIA's number of the error; 0 for every other kind
 * @param repairMs how long until it is as good as new; of a kind that breaks nothing for long, 0
 * @param factor of a straggler: the share of its pace that is left, above 0, at most 1; else 1
 * @param minCelsius it does not come about on a GPU that is cooler than this
 */
public record Fault(
        long atMs, NodeId nodeId, FaultKind kind, int xid, int gpu, long repairMs, double factor, double minCelsius) {
    /** The node as a whole. */
    public static final int WHOLE_NODE = -1;

    /** The same on another GPU. */
    Fault on(int otherGpu) {
        return new Fault(atMs, nodeId, kind, xid, otherGpu, repairMs, factor, minCelsius);
    }

    /** One that comes about however cool the GPU is. */
    public Fault(long atMs, NodeId nodeId, FaultKind kind, int xid, int gpu, long repairMs, double factor) {
        this(atMs, nodeId, kind, xid, gpu, repairMs, factor, Double.NEGATIVE_INFINITY);
    }
}
