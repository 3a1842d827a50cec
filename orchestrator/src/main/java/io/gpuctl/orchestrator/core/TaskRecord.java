package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskLife;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.TaskStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task that is not finished, as the orchestrator's book has it. Each method that is named after an event returns the
 * task after it, in the state that {@link TaskLife} has; {@link PoolState} checks whether the event is legal.
 *
 * @param submitSequence sequence of the fact that accepted it: its place in the queue, also after a requeue
 * @param attempt number of the newest attempt, 0 before the first
 * @param failures attempts that failed by the task's own fault
 * @param nodeLosses attempts that were running and ended because of their node
 * @param allocations what it holds; empty unless its state says that it holds GPUs
 * @param members how far each of its nodes is, in the order of {@code allocations}; empty if it has but one
 * @param startedAtMs when the newest attempt began to run; {@link #NOT_STARTED} if it has not, or is over
 * @param attainedMs how long all earlier attempts ran
 * @param progressMs work that need not be done again, ms at full clock
 * @param progressAtMs when the running attempt had got that far; meaningful if it has started
 * @param eligibleAtMs when it may be placed again; meaningful while it backs off
 * @param reason why it waits; null if it does not
 * @param reasonAtMs when that reason was written
 * @param preemptReason why it was told to give up its GPUs; null if it was not
 */
public record TaskRecord(
        TaskSpec spec,
        TaskState state,
        long submitSequence,
        int attempt,
        int failures,
        int nodeLosses,
        List<Allocation> allocations,
        List<Member> members,
        long startedAtMs,
        long attainedMs,
        long progressMs,
        long progressAtMs,
        long eligibleAtMs,
        @Nullable PendingReason reason,
        long reasonAtMs,
        @Nullable EndReason preemptReason) {
    static final long NOT_STARTED = -1;
    private static final double MS_PER_SECOND = 1_000;

    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: states stored before there were members
    public TaskRecord {
        members = members == null ? List.of() : List.copyOf(members);
    }

    static TaskRecord submitted(TaskSpec spec, long sequence, long atMs) {
        TaskState state = TaskLife.target(TaskStep.SUBMITTED);
        return new TaskRecord(
                spec,
                state,
                sequence,
                0,
                0,
                0,
                List.of(),
                List.of(),
                NOT_STARTED,
                0,
                0,
                0,
                0,
                PendingReason.onEntering(state),
                atMs,
                null);
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

    /** The part of a node in an attempt that spans several; null if it does not, or not that one. */
    public @Nullable Member member(NodeId nodeId) {
        int index = memberIndex(nodeId);
        return index < 0 ? null : members.get(index);
    }

    /** The place of a node among the members; -1 if it is none. */
    int memberIndex(NodeId nodeId) {
        for (int index = 0; index < members.size(); index++) {
            if (members.get(index).nodeId().equals(nodeId)) {
                return index;
            }
        }
        return -1;
    }

    /** What of the work all members have saved; there must be members. */
    long savedByAllMs() {
        return members.stream().mapToLong(Member::progressMs).min().orElseThrow();
    }

    /**
     * The task as an order by time sees it. What a running attempt has done is taken to be the time that it has run since
     * it began or saved its work last: a throttled GPU does less, which the node says when it is stopped.
     */
    Job job(long nowMs) {
        long ranMs = startedAtMs == NOT_STARTED ? 0 : Math.max(0, nowMs - startedAtMs);
        long unsavedMs = startedAtMs == NOT_STARTED ? 0 : Math.max(0, nowMs - progressAtMs);
        long remainingMs = Math.max(0, spec.work().durationMs() - progressMs - unsavedMs);
        return new Job(
                remainingMs / MS_PER_SECOND,
                (double) spec.gpus().totalMilli() / GpuRequest.WHOLE,
                (attainedMs + ranMs) / MS_PER_SECOND);
    }

    TaskRecord waitingFor(PendingReason newReason, long atMs) {
        Draft draft = new Draft(this);
        draft.reason = newReason;
        draft.reasonAtMs = atMs;
        return draft.build();
    }

    TaskRecord placed(int newAttempt, List<Allocation> newAllocations) {
        Draft draft = new Draft(this, TaskStep.PLACED);
        draft.attempt = newAttempt;
        draft.allocations = List.copyOf(newAllocations);
        draft.members = Member.of(newAllocations, progressMs);
        draft.eligibleAtMs = 0;
        draft.reason = null;
        draft.reasonAtMs = 0;
        draft.preemptReason = null;
        return draft.build();
    }

    TaskRecord preempting(EndReason why) {
        Draft draft = new Draft(this, TaskStep.PREEMPT_REQUESTED);
        draft.preemptReason = why;
        return draft.build();
    }

    TaskRecord cancelling() {
        return new Draft(this, TaskStep.CANCEL_REQUESTED).build();
    }

    TaskRecord withMember(int index, Member changed) {
        Draft draft = new Draft(this);
        List<Member> changedMembers = new ArrayList<>(members);
        changedMembers.set(index, changed);
        draft.members = changedMembers;
        return draft.build();
    }

    /** The same without what a {@link StoredPart} holds. */
    public TaskRecord withoutParts() {
        if (members.isEmpty()) {
            return this;
        }
        Draft draft = new Draft(this);
        draft.allocations = List.of();
        draft.members = List.of();
        return draft.build();
    }

    TaskRecord started(long atMs) {
        Draft draft = new Draft(this, TaskStep.STARTED);
        draft.startedAtMs = atMs;
        draft.progressAtMs = atMs;
        return draft.build();
    }

    TaskRecord checkpointed(long newProgressMs, long atMs) {
        if (newProgressMs <= progressMs) {
            return this;
        }
        Draft draft = new Draft(this);
        draft.progressMs = newProgressMs;
        draft.progressAtMs = atMs;
        return draft.build();
    }

    TaskRecord requeued(EndReason endReason, long newEligibleAtMs, long atMs) {
        Draft draft = new Draft(this, TaskStep.ofRequeue(endReason, newEligibleAtMs, atMs));
        draft.failures += endReason == EndReason.TASK_FAILED ? 1 : 0;
        draft.nodeLosses += countsAsNodeLoss(endReason) ? 1 : 0;
        draft.allocations = List.of();
        draft.members = List.of();
        draft.attainedMs += startedAtMs == NOT_STARTED ? 0 : atMs - startedAtMs;
        draft.startedAtMs = NOT_STARTED;
        draft.eligibleAtMs = newEligibleAtMs;
        draft.reason = PendingReason.onEntering(draft.state);
        draft.reasonAtMs = atMs;
        draft.preemptReason = null;
        return draft.build();
    }

    /**
     * Whether the end of the newest attempt is one that the task may suffer only so often. One that had not started yet
     * does not count: when a whole cluster starts anew, node after node tells so, and a task may be placed on several
     * that have not spoken yet.
     */
    boolean countsAsNodeLoss(EndReason endReason) {
        boolean ran = state == TaskState.RUNNING || (state == TaskState.PREEMPTING && startedAtMs != NOT_STARTED);
        return ran
                && switch (endReason) {
                    case NODE_LOST, NODE_RESTARTED, NODE_SHUT_DOWN, ATTEMPT_LOST, HARDWARE_FAULT -> true;
                    case TASK_FAILED, PREEMPTED, NODE_DRAINED -> false;
                };
    }

    /** The pool's time was set back. */
    TaskRecord shifted(ClockShift shift) {
        Draft draft = new Draft(this);
        draft.startedAtMs = shift.of(startedAtMs);
        draft.progressAtMs = shift.of(progressAtMs);
        draft.eligibleAtMs = shift.of(eligibleAtMs);
        draft.reasonAtMs = shift.of(reasonAtMs);
        return draft.build();
    }

    TaskRecord retryDue(long atMs) {
        Draft draft = new Draft(this, TaskStep.RETRY_DUE);
        draft.reason = PendingReason.onEntering(draft.state);
        draft.reasonAtMs = atMs;
        return draft.build();
    }

    /** The next record while an event is folded in. */
    private static final class Draft {
        private final TaskRecord before;
        private TaskState state;
        int attempt;
        int failures;
        int nodeLosses;
        List<Allocation> allocations;
        List<Member> members;
        long startedAtMs;
        long attainedMs;
        long progressMs;
        long progressAtMs;
        long eligibleAtMs;

        @Nullable
        PendingReason reason;

        long reasonAtMs;

        @Nullable
        EndReason preemptReason;

        Draft(TaskRecord before) {
            this.before = before;
            state = before.state;
            attempt = before.attempt;
            failures = before.failures;
            nodeLosses = before.nodeLosses;
            allocations = before.allocations;
            members = before.members;
            startedAtMs = before.startedAtMs;
            attainedMs = before.attainedMs;
            progressMs = before.progressMs;
            progressAtMs = before.progressAtMs;
            eligibleAtMs = before.eligibleAtMs;
            reason = before.reason;
            reasonAtMs = before.reasonAtMs;
            preemptReason = before.preemptReason;
        }

        /** After a step. */
        Draft(TaskRecord before, TaskStep step) {
            this(before);
            state = TaskLife.believed(before.state, step);
        }

        TaskRecord build() {
            return new TaskRecord(
                    before.spec,
                    state,
                    before.submitSequence,
                    attempt,
                    failures,
                    nodeLosses,
                    allocations,
                    members,
                    startedAtMs,
                    attainedMs,
                    progressMs,
                    progressAtMs,
                    eligibleAtMs,
                    reason,
                    reasonAtMs,
                    preemptReason);
        }
    }
}
