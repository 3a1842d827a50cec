package io.gpuctl.events;

/**
 * A fault that an operator injects into a simulated node. Topic {@code fault-injections}, written by the API, read by
 * the simulator that hosts the node.
 *
 * @param xid the number of the driver message for {@link FaultKind#XID}; 0 for other kinds
 * @param gpu index of the GPU, -1 for the whole node
 * @param durationMs time until the repair, ms of cluster time; 0 to draw it from the law of repairs
 * @param factor for {@link FaultKind#STRAGGLER}, the fraction of the work at its clock that the hardware still does,
 *     above 0 and below 1; 0 to draw it. 0 for other kinds
 * @param atMs when the operator asked for the fault, ms of cluster time
 */
public record FaultInjection(
        PoolId pool, NodeId nodeId, FaultKind kind, int xid, int gpu, long durationMs, double factor, long atMs)
        implements PoolRecord {
    public FaultInjection {
        Check.present("pool", pool);
        Check.present("node_id", nodeId);
        Check.present("kind", kind);
        Check.inRange("xid", xid, kind == FaultKind.XID ? 1 : 0, kind == FaultKind.XID ? Xid.NUMBER_MAX : 0);
        Check.inRange("gpu", gpu, -1, NodeInventory.MAX_GPUS - 1);
        Check.inRange("duration_ms", durationMs, 0L, Work.MAX_DURATION_MS);
        Check.inRange("factor", factor, 0.0, kind == FaultKind.STRAGGLER ? Math.nextDown(1.0) : 0.0);
    }

    /** Returns the record's key. */
    public String key() {
        return nodeId.value();
    }
}
