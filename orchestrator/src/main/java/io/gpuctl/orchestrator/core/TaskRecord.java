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
 * An unfinished task, as the orchestrator knows it. Each method that is named after an event returns the task after the
 * event, in the state that {@link TaskLife} defines; {@link PoolState} checks whether the event is legal.
 *
 * @param submitSequence sequence of the fact that accepted the task; its place in the queue, also after a requeue
 * @param attempt number of the newest attempt, 0 before the first
 * @param failures number of attempts that failed because of the task itself
 * @param nodeLosses number of running attempts that ended because of their node
 * @param allocations what the task holds; empty unless its state holds GPUs
 * @param members the progress of each node, in the order of {@code allocations}; empty if there is only one node
 * @param startedAtMs when the newest attempt started; {@link #NOT_STARTED} if it has not started, or is over
 * @param attainedMs total time that earlier attempts ran
 * @param progressMs work that need not be done again, ms at full clock
 * @param progressAtMs when the running attempt reached {@code progressMs}; meaningful if the attempt has started
 * @param eligibleAtMs when the task may be placed again; meaningful while it backs off
 * @param reason why the task waits; null if it does not wait
 * @param reasonAtMs when the reason was recorded
 * @param preemptReason why the task was told to release its GPUs; null if it was not
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

    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: states stored before members existed
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

    /** Returns the newest attempt. The task must have had an attempt. */
    public AttemptId currentAttempt() {
        return new AttemptId(id(), attempt);
    }

    /** Returns whether the task holds GPUs for this attempt. */
    boolean isCurrent(AttemptId other) {
        return state.holdsGpus() && other.number() == attempt && other.taskId().equals(id());
    }

    /**
     * Returns the node's part in an attempt that spans several nodes; null if the attempt has one node, or not this
     * node.
     */
    public @Nullable Member member(NodeId nodeId) {
        int index = memberIndex(nodeId);
        return index < 0 ? null : members.get(index);
    }

    /** Returns the index of a node's member; -1 if there is none. */
    int memberIndex(NodeId nodeId) {
        for (int index = 0; index < members.size(); index++) {
            if (members.get(index).nodeId().equals(nodeId)) {
                return index;
            }
        }
        return -1;
    }

    /** Returns whether a member is in this phase. */
    boolean hasMember(Member.Phase phase) {
        // Asked for every report of a member, and a gang may have hundreds: no stream.
        for (int index = 0; index < members.size(); index++) {
            if (members.get(index).phase() == phase) {
                return true;
            }
        }
        return false;
    }

    /** Returns how much of the work all members have saved. There must be members. */
    long savedByAllMs() {
        return members.stream().mapToLong(Member::progressMs).min().orElseThrow();
    }

    /**
     * Returns the task as a time-based queue order sees it. The unsaved work of a running attempt is estimated as the
     * time since the attempt started or last saved its work. A throttled GPU does less; the node reports the real
     * progress when it stops the attempt.
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

    /** Returns the task without what a {@link StoredPart} holds. */
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
     * Returns whether the end of the newest attempt counts against the limit of node losses. An attempt that had not
     * started does not count: when a whole cluster restarts, the nodes register one after another, and a task may be
     * placed on several nodes that have not registered yet.
     */
    boolean countsAsNodeLoss(EndReason endReason) {
        boolean ran = state == TaskState.RUNNING || (state == TaskState.PREEMPTING && startedAtMs != NOT_STARTED);
        return ran
                && switch (endReason) {
                    case NODE_LOST, NODE_RESTARTED, NODE_SHUT_DOWN, ATTEMPT_LOST, HARDWARE_FAULT -> true;
                    case TASK_FAILED, PREEMPTED, NODE_DRAINED -> false;
                };
    }

    /** Returns the task after the pool's time was set back. */
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

    /** The next record, while an event is applied. */
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

        /** Starts from the state after a step. */
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
