package io.gpuctl.telemetry.views;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.TaskCommand.SubmitTask;
import io.gpuctl.events.TaskLife;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.TaskStep;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Applies facts to one task. */
public final class TaskFold {
    private TaskFold() {}

    /** Returns a submitted task without facts from the orchestrator yet: its sequence is 0. */
    public static TaskView provisional(SubmitTask command) {
        return TaskDraft.begun(command.task(), TaskLife.target(TaskStep.SUBMITTED), command.atMs())
                .build(0);
    }

    /**
     * Returns the task after a fact.
     *
     * @param before null for an unknown task
     * @param event the event of the fact
     * @return null if the fact does not fit the task's state, so that the fact changes nothing
     */
    public static @Nullable TaskView apply(@Nullable TaskView before, Fact fact, ClusterEvent.OfTask event) {
        TaskView living = before == null || isOver(before) ? null : before;
        TaskStep step = TaskStep.of(event, fact.atMs());
        TaskState next = next(living, step, event);
        if (next == null) {
            return null;
        }
        TaskDraft draft = inState(next, living, fact.atMs(), event);
        change(draft, fact.atMs(), event);
        draft.drew(event.energyMj());
        return (isRemembered(before, step) ? draft.remembered() : draft.omitted()).build(fact.sequence());
    }

    /**
     * Returns the state after the event. {@link TaskLife} defines which events are legal. If the log has lost a fact,
     * facts after the gap may be illegal. Two kinds of them are still believed, so that the views recover: an attempt
     * that gets GPUs while the task holds none, and the end of the current attempt. Otherwise GPUs could stay held.
     *
     * @param living null if there is no task with this id, or the task is over
     * @return null if the event is neither legal nor believed
     */
    private static @Nullable TaskState next(@Nullable TaskView living, TaskStep step, ClusterEvent.OfTask event) {
        if (living == null) {
            return TaskLife.next(null, step);
        }
        boolean fits = step.fits(living.attempt(), event.attempt());
        TaskState next = TaskLife.next(living.state(), step);
        if (next != null && fits) {
            return next;
        }
        TaskState said = TaskLife.believed(living.state(), step);
        boolean moves =
                TaskLife.movesGpus(step) && said.holdsGpus() != living.state().holdsGpus();
        return moves && (fits || said.holdsGpus()) ? said : null;
    }

    /** Returns whether the fact is kept in the task's history. A long history keeps only changes of state. */
    static boolean isRemembered(@Nullable TaskView before, TaskStep step) {
        return before == null || TaskLife.changesState(step) || before.historySize() < PoolViewsFold.HISTORY_SIZE_MAX;
    }

    /**
     * Returns whether a fact may begin another task with this id, because this task has no facts yet or has ended. The
     * orchestrator may forget an ended task and accept its id again before the views forget it.
     */
    private static boolean isOver(TaskView task) {
        return task.sequence() == 0 || task.state().isFinal();
    }

    private static TaskDraft inState(TaskState next, @Nullable TaskView living, long atMs, ClusterEvent.OfTask event) {
        return switch (event) {
            case ClusterEvent.TaskSubmitted submitted -> TaskDraft.begun(submitted.task(), next, atMs);
            case ClusterEvent.TaskRejected rejected -> TaskDraft.begun(rejected.task(), next, atMs);
            case ClusterEvent.OfTask _ ->
                TaskDraft.of(Objects.requireNonNull(living)).in(next, atMs);
        };
    }

    /** Applies the event's changes besides the state. */
    private static void change(TaskDraft draft, long atMs, ClusterEvent.OfTask event) {
        switch (event) {
            case ClusterEvent.TaskRejected rejected -> draft.pending(rejected.reason());
            case ClusterEvent.PendingReasonChanged changed -> draft.pending(changed.reason());
            case ClusterEvent.TaskPlaced placed -> draft.placed(placed.attempt(), placed.allocations(), atMs);
            case ClusterEvent.MemberEnded ended -> draft.memberOver(ended.nodeId());
            case ClusterEvent.TaskStarted _ -> draft.started(atMs);
            case ClusterEvent.TaskCheckpointed saved -> draft.saved(saved.progressMs());
            case ClusterEvent.TaskCompleted _ -> draft.ended(null, "");
            case ClusterEvent.TaskRequeued requeued ->
                draft.requeued(requeued.reason(), atMs).ended(requeued.reason(), requeued.detail());
            case ClusterEvent.TaskFailed failed -> draft.ended(failed.reason(), failed.detail());
            case ClusterEvent.TaskSubmitted _,
                    ClusterEvent.MemberStarted _,
                    ClusterEvent.MemberCheckpointed _,
                    ClusterEvent.PreemptRequested _,
                    ClusterEvent.RetryDue _,
                    ClusterEvent.CancelRequested _,
                    ClusterEvent.TaskCancelled _ -> {}
        }
    }
}
