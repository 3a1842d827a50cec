package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task that is not finished, as the orchestrator's book has it. Each method that is named after an event returns the
 * task after it; whether the event is legal is checked by {@link PoolState}.
 *
 * @param submitSequence sequence of the fact that accepted it: its place in the queue, also after a requeue
 * @param attempt number of the newest attempt, 0 before the first
 * @param failures attempts that failed by the task's own fault
 * @param nodeLosses attempts that were running and ended because of their node
 * @param allocations what it holds; empty unless its state says that it holds GPUs
 * @param progressMs work saved by a checkpoint, ms at full clock
 * @param eligibleAtMs when it may be placed again; meaningful while it backs off
 * @param reason why it waits; null if it does not
 * @param reasonAtMs when that reason was written
 */
public record TaskRecord(
        TaskSpec spec,
        TaskState state,
        long submitSequence,
        int attempt,
        int failures,
        int nodeLosses,
        List<Allocation> allocations,
        long progressMs,
        long eligibleAtMs,
        @Nullable PendingReason reason,
        long reasonAtMs) {
    static TaskRecord submitted(TaskSpec spec, long sequence, long atMs) {
        return new TaskRecord(
                spec,
                TaskState.QUEUED,
                sequence,
                0,
                0,
                0,
                List.of(),
                0,
                0,
                PendingReason.of(PendingReason.Code.AWAITING_PASS),
                atMs);
    }

    public TaskId id() {
        return spec.taskId();
    }

    /** The newest attempt. There must have been one. */
    public AttemptId currentAttempt() {
        return new AttemptId(id(), attempt);
    }

    /** Whether this is the attempt that the task holds GPUs for. */
    boolean isCurrent(AttemptId other) {
        return state.holdsGpus() && other.number() == attempt && other.taskId().equals(id());
    }

    TaskRecord waitingFor(PendingReason newReason, long atMs) {
        return new TaskRecord(
                spec,
                state,
                submitSequence,
                attempt,
                failures,
                nodeLosses,
                allocations,
                progressMs,
                eligibleAtMs,
                newReason,
                atMs);
    }

    TaskRecord placed(int newAttempt, List<Allocation> newAllocations) {
        return new TaskRecord(
                spec,
                TaskState.PLACED,
                submitSequence,
                newAttempt,
                failures,
                nodeLosses,
                List.copyOf(newAllocations),
                progressMs,
                0,
                null,
                0);
    }

    TaskRecord inState(TaskState newState) {
        return new TaskRecord(
                spec,
                newState,
                submitSequence,
                attempt,
                failures,
                nodeLosses,
                allocations,
                progressMs,
                eligibleAtMs,
                reason,
                reasonAtMs);
    }

    TaskRecord checkpointed(long newProgressMs) {
        return new TaskRecord(
                spec,
                state,
                submitSequence,
                attempt,
                failures,
                nodeLosses,
                allocations,
                Math.max(progressMs, newProgressMs),
                eligibleAtMs,
                reason,
                reasonAtMs);
    }

    TaskRecord requeued(EndReason endReason, long newEligibleAtMs, long atMs) {
        boolean ownFault = endReason == EndReason.TASK_FAILED;
        boolean waits = newEligibleAtMs > atMs;
        return new TaskRecord(
                spec,
                waits ? TaskState.BACKING_OFF : TaskState.QUEUED,
                submitSequence,
                attempt,
                failures + (ownFault ? 1 : 0),
                nodeLosses + (countsAsNodeLoss(endReason) ? 1 : 0),
                List.of(),
                progressMs,
                newEligibleAtMs,
                PendingReason.of(waits ? PendingReason.Code.BACKING_OFF : PendingReason.Code.AWAITING_PASS),
                atMs);
    }

    /**
     * Whether the end of the newest attempt is one that the task may suffer only so often. One that had not started yet
     * does not count: when a whole cluster starts anew, node after node tells so, and a task may be placed on several
     * that have not spoken yet.
     */
    boolean countsAsNodeLoss(EndReason endReason) {
        return endReason != EndReason.TASK_FAILED && state == TaskState.RUNNING;
    }

    TaskRecord retryDue(long atMs) {
        return inState(TaskState.QUEUED).waitingFor(PendingReason.of(PendingReason.Code.AWAITING_PASS), atMs);
    }
}
