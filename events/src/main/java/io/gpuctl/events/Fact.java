package io.gpuctl.events;

/**
 * One entry of the log {@code cluster-events}: a change of the orchestrator's state.
 *
 * @param sequence 1 for the first fact of a pool, then without gaps: the pool's total order
 * @param atMs the time of the input that caused the fact, ms of cluster time; never the time of processing
 */
public record Fact(PoolId pool, long sequence, long atMs, Cause cause, ClusterEvent event) implements PoolRecord {
    public Fact {
        Check.present("pool", pool);
        Check.inRange("sequence", sequence, 1L, Long.MAX_VALUE);
        Check.present("cause", cause);
        Check.present("event", event);
    }
}
