package io.gpuctl.audit.redo;

import io.gpuctl.events.PoolId;

/**
 * The result of the replay of a pool.
 *
 * @param facts number of facts that were compared or folded
 * @param redone number of decisions that were made again with the same result
 * @param inputsGone number of decisions that were folded as recorded, because their input is no longer in the log
 * @param outOfStep number of decisions that were folded after those, until the scheduler examined all waiting tasks
 *     again
 */
public record PoolOutcome(PoolId pool, long facts, long redone, long inputsGone, long outOfStep, Stored stored) {
    /** The result of the comparison with the pool's stored state. */
    public sealed interface Stored {}

    /**
     * The stored state is the state that the facts lead to.
     *
     * @param sequence sequence of the newest fact in the stored state
     */
    public record Agrees(long sequence, int nodes, int tasks, int finished) implements Stored {}

    /** The stored state differs, or the replay did not reach it. */
    public record Differs() implements Stored {}

    /** The stored state is not in the log. */
    public record Absent() implements Stored {}
}
