package io.gpuctl.orchestrator.policy;

import io.gpuctl.orchestrator.core.QueueOrder;

/**
 * Orders tasks by priority, then by submission.
 *
 * @param isStrict whether no task runs ahead of a task before it in the queue; if false, tasks that fit run ahead of
 *     tasks that do not
 */
record ArrivalOrder(String name, boolean isStrict) implements QueueOrder {
    static final ArrivalOrder FIFO = new ArrivalOrder("fifo", true);
    static final ArrivalOrder SKIPPING = new ArrivalOrder("arrival", false);

    @Override
    public boolean needsDurations() {
        return false;
    }
}
