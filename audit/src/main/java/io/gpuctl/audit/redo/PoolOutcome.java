package io.gpuctl.audit.redo;

import io.gpuctl.events.PoolId;

/**
 * How the replay of a pool went.
 *
 * @param facts how many were compared or folded
 * @param redone decisions that were done over and came out the same
 * @param inputsGone decisions that were folded as recorded, since their input is no longer in the log
 * @param outOfStep decisions that were folded after such, until the scheduler looked at all that waits
 */
public record PoolOutcome(PoolId pool, long facts, long redone, long inputsGone, long outOfStep, Stored stored) {
    /** What the orchestrator had stored of the pool. */
    public sealed interface Stored {}

    /**
     * It is the state that the facts lead to.
     *
     * @param sequence of the fact up to which it was stored
     */
    public record Agrees(long sequence, int nodes, int tasks, int finished) implements Stored {}

    /** It differs, or the replay did not come so far. */
    public record Differs() implements Stored {}

    /** It is not in the log. */
    public record Absent() implements Stored {}
}
