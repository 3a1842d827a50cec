package io.gpuctl.orchestrator.policy;

import io.gpuctl.orchestrator.core.QueueOrder;

/**
 * The more urgent first, then the earlier submitted.
 *
 * @param isStrict whether no task runs ahead of one that is before it in the queue, or those that fit run ahead of those
 *     that do not
 */
record ArrivalOrder(String name, boolean isStrict) implements QueueOrder {
    static final ArrivalOrder FIFO = new ArrivalOrder("fifo", true);
    static final ArrivalOrder SKIPPING = new ArrivalOrder("arrival", false);

    @Override
    public boolean needsDurations() {
        return false;
    }
}
