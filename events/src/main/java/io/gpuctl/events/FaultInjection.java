package io.gpuctl.events;

/**
 * What an operator has go wrong on a simulated node. Topic {@code fault-injections}, written by the api, read by the
 * simulator that hosts the node.
 *
 * @param xid the number of the driver message, of {@link FaultKind#XID}; 0 of others
 * @param gpu index of the GPU, -1 for the whole node
 * @param durationMs how long until it is repaired, ms of cluster time; 0 to have it drawn from the law of repairs
 * @param factor of {@link FaultKind#STRAGGLER}: work done, in parts of what the clock would give, above 0 and below 1; 0 to have
 *     it drawn. 0 of others
 * @param atMs when it was asked, ms of cluster time
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

    /** The record's key. */
    public String key() {
        return nodeId.value();
    }
}
