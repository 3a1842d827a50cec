package io.gpuctl.telemetry.core;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.TaskCommand.SubmitTask;
import io.gpuctl.events.TaskState;
import org.jspecify.annotations.Nullable;

/** How one task changes by a fact. */
public final class TaskFold {
    private TaskFold() {}

    /** A task that was submitted, and of which the orchestrator has said nothing yet: its sequence is 0. */
    public static TaskView provisional(SubmitTask command) {
        return TaskDraft.submitted(command.task(), command.atMs()).build(0);
    }

    /**
     * The task after the fact.
     *
     * @param before null for an unknown task
     * @param event the fact's
     * @return null if the fact does not fit the task's state: then it changes nothing
     */
    public static @Nullable TaskView apply(@Nullable TaskView before, Fact fact, ClusterEvent.OfTask event) {
        TaskDraft draft = switch (event) {
            case ClusterEvent.TaskSubmitted submitted -> submit(before, fact, submitted);
            case ClusterEvent.TaskRejected rejected -> reject(before, fact, rejected);
            case ClusterEvent.OfTask other ->
                before == null || before.sequence() == 0 ? null : change(before, fact, other);
        };
        if (draft == null) {
            return null;
        }
        draft.drew(event.energyMj());
        return (isRemembered(before, event) ? draft.remembered() : draft.omitted()).build(fact.sequence());
    }

    /** Whether the fact is kept in the task's history: a long one takes changes of state only. */
    static boolean isRemembered(@Nullable TaskView before, ClusterEvent.OfTask event) {
        boolean changesNoState = event instanceof ClusterEvent.PendingReasonChanged
                || event instanceof ClusterEvent.TaskCheckpointed
                || event instanceof ClusterEvent.MemberStarted
                || event instanceof ClusterEvent.MemberCheckpointed
                || event instanceof ClusterEvent.MemberEnded;
        return before == null || !changesNoState || before.historySize() < PoolViewsFold.HISTORY_SIZE_MAX;
    }

    /** Whether the fact begins a life: of a new task, or of one whose id was used before and forgotten since. */
    static boolean begins(@Nullable TaskView before) {
        return before == null || before.sequence() == 0 || before.state().isFinal();
    }

    private static @Nullable TaskDraft submit(@Nullable TaskView before, Fact fact, ClusterEvent.TaskSubmitted event) {
        return begins(before) ? TaskDraft.submitted(event.task(), fact.atMs()) : null;
    }

    /** The orchestrator may reject a task at its submission, or one that has waited. */
    private static @Nullable TaskDraft reject(@Nullable TaskView before, Fact fact, ClusterEvent.TaskRejected event) {
        if (before != null && before.state().holdsGpus()) {
            return null;
        }
        TaskDraft draft = before == null || begins(before)
                ? TaskDraft.submitted(event.task(), fact.atMs())
                : TaskDraft.of(before);
        return draft.finished(TaskState.REJECTED, fact.atMs()).pending(event.reason());
    }

    private static @Nullable TaskDraft change(TaskView before, Fact fact, ClusterEvent.OfTask event) {
        TaskState state = before.state();
        if (state.isFinal()) {
            return null;
        }
        TaskDraft draft = TaskDraft.of(before);
        return switch (event) {
            case ClusterEvent.TaskSubmitted _, ClusterEvent.TaskRejected _ -> null;
            case ClusterEvent.PendingReasonChanged changed ->
                state.holdsGpus() ? null : draft.pending(changed.reason());
            case ClusterEvent.TaskPlaced placed ->
                state.holdsGpus() ? null : draft.placed(placed.attempt(), placed.allocations(), fact.atMs());
            case ClusterEvent.MemberStarted started -> isCurrent(before, started.attempt()) ? draft : null;
            case ClusterEvent.MemberCheckpointed saved -> isCurrent(before, saved.attempt()) ? draft : null;
            case ClusterEvent.MemberEnded ended ->
                isCurrent(before, ended.attempt()) ? draft.memberOver(ended.nodeId()) : null;
            case ClusterEvent.TaskStarted started -> start(before, started, fact.atMs());
            case ClusterEvent.TaskCheckpointed saved ->
                isCurrent(before, saved.attempt()) ? draft.saved(saved.progressMs()) : null;
            case ClusterEvent.TaskCompleted completed ->
                isCurrent(before, completed.attempt())
                        ? draft.finished(TaskState.COMPLETED, fact.atMs()).ended(null, "")
                        : null;
            case ClusterEvent.PreemptRequested requested ->
                isCurrent(before, requested.attempt()) && (state == TaskState.PLACED || state == TaskState.RUNNING)
                        ? draft.state(TaskState.PREEMPTING)
                        : null;
            case ClusterEvent.TaskRequeued requeued -> requeue(before, requeued, fact.atMs());
            case ClusterEvent.RetryDue _ ->
                state == TaskState.BACKING_OFF
                        ? draft.waiting(TaskState.QUEUED, PendingReason.Code.AWAITING_PASS)
                        : null;
            case ClusterEvent.TaskFailed failed ->
                isCurrent(before, failed.attempt())
                        ? draft.finished(TaskState.FAILED, fact.atMs()).ended(failed.reason(), failed.detail())
                        : null;
            case ClusterEvent.CancelRequested _ ->
                state.holdsGpus() && state != TaskState.CANCELLING ? draft.state(TaskState.CANCELLING) : null;
            case ClusterEvent.TaskCancelled _ -> draft.finished(TaskState.CANCELLED, fact.atMs());
        };
    }

    /** A task that is being cancelled may yet begin to run; it goes on being cancelled. */
    private static @Nullable TaskDraft start(TaskView before, ClusterEvent.TaskStarted event, long atMs) {
        if (!isCurrent(before, event.attempt()) || before.state() == TaskState.RUNNING) {
            return null;
        }
        TaskDraft draft = TaskDraft.of(before).started(atMs);
        return before.state() == TaskState.PLACED ? draft.state(TaskState.RUNNING) : draft;
    }

    private static @Nullable TaskDraft requeue(TaskView before, ClusterEvent.TaskRequeued event, long atMs) {
        if (!isCurrent(before, event.attempt())) {
            return null;
        }
        EndReason reason = event.reason();
        TaskDraft draft = TaskDraft.of(before).requeued(reason, atMs).ended(reason, event.detail());
        return event.eligibleAtMs() > atMs
                ? draft.waiting(TaskState.BACKING_OFF, PendingReason.Code.BACKING_OFF)
                : draft.waiting(TaskState.QUEUED, PendingReason.Code.AWAITING_PASS);
    }

    private static boolean isCurrent(TaskView view, int attempt) {
        return view.state().holdsGpus() && view.attempt() == attempt;
    }
}
