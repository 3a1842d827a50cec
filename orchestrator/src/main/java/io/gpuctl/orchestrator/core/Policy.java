package io.gpuctl.orchestrator.core;

/** How a pool decides: in which order tasks are considered, and where they go. Any two combine. */
public record Policy(QueueOrder order, Placement placement) {

    /** Both names, for example {@code fifo+first-fit}. */
    public String name() {
        return order.name() + "+" + placement.name();
    }
}
