package io.gpuctl.orchestrator.core;

/**
 * The scheduling policy of a pool: the order in which tasks are considered, and where they are placed. Any order works
 * with any placement.
 */
public record Policy(QueueOrder order, Placement placement) {

    /** Returns both names, for example {@code fifo+first-fit}. */
    public String name() {
        return order.name() + "+" + placement.name();
    }
}
