package io.gpuctl.orchestrator.core;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskState;

/**
 * Handles reports on attempts that span several nodes. The attempt has started, saved, completed or stopped when all
 * its nodes have reported so; it fails when the first node fails.
 */
final class GangReports {
    private final PoolState state;
    private final Cordons cordons;

    GangReports(PoolState state, Cordons cordons) {
        this.state = state;
        this.cordons = cordons;
    }

    /** Handles a report on the task's current attempt, from a node that was told to run it. */
    void handle(TaskRecord task, Member member, TaskReport report, Facts facts) {
        if (member.isOver()) {
            return;
        }
        switch (report) {
            case TaskReport.Started started -> begin(task, member, facts);
            case TaskReport.Progressed progressed ->
                cordons.paced(task, member.nodeId(), progressed.paceMilli(), facts);
            case TaskReport.Checkpointed checkpointed -> {
                begin(task, member, facts);
                checkpoint(task, member, checkpointed.progressMs(), facts);
            }
            case TaskReport.Completed completed -> {
                begin(task, member, facts);
                end(task, member, true, task.spec().work().durationMs(), completed.energyMj(), facts);
                settle(now(task.id()), AttemptCost.UNKNOWN, facts);
            }
            case TaskReport.Failed failed -> {
                end(task, member, false, 0, failed.energyMj(), facts);
                Endings.attemptEnded(now(task.id()), EndReason.TASK_FAILED, Endings.detail(failed), state, facts);
            }
            case TaskReport.Stopped stopped -> {
                end(task, member, false, stopped.progressMs(), stopped.energyMj(), facts);
                stop(now(task.id()), AttemptCost.of(stopped).withoutEnergy(), facts);
            }
            case TaskReport.Faulted faulted -> {
                end(task, member, false, 0, faulted.energyMj(), facts);
                Endings.attemptEnded(
                        now(task.id()),
                        EndReason.HARDWARE_FAULT,
                        Endings.detail(faulted),
                        AttemptCost.of(faulted).withoutEnergy(),
                        state,
                        facts);
            }
        }
    }

    private void begin(TaskRecord task, Member member, Facts facts) {
        if (member.phase() != Member.Phase.PLACED) {
            return;
        }
        facts.add(new ClusterEvent.MemberStarted(task.id(), task.attempt(), member.nodeId()));
        TaskRecord after = now(task.id());
        if (after.state() == TaskState.PLACED && !after.hasMember(Member.Phase.PLACED)) {
            facts.add(new ClusterEvent.TaskStarted(task.id(), task.attempt()));
        }
    }

    private void checkpoint(TaskRecord task, Member member, long progressMs, Facts facts) {
        if (progressMs > member.progressMs()) {
            facts.add(new ClusterEvent.MemberCheckpointed(task.id(), task.attempt(), member.nodeId(), progressMs));
            save(now(task.id()), facts);
        }
    }

    /** Records the work that all members have saved as the task's progress. */
    private static void save(TaskRecord task, Facts facts) {
        if (task.state() != TaskState.PLACED && task.savedByAllMs() > task.progressMs()) {
            facts.add(new ClusterEvent.TaskCheckpointed(task.id(), task.attempt(), task.savedByAllMs()));
        }
    }

    private static void end(
            TaskRecord task, Member member, boolean completed, long progressMs, long energyMj, Facts facts) {
        long savedMs = Math.max(member.progressMs(), progressMs);
        facts.add(
                new ClusterEvent.MemberEnded(task.id(), task.attempt(), member.nodeId(), completed, savedMs, energyMj));
    }

    private void stop(TaskRecord task, AttemptCost cost, Facts facts) {
        boolean wasTold = task.state() == TaskState.PREEMPTING || task.state() == TaskState.CANCELLING;
        if (wasTold) {
            settle(task, cost, facts);
        } else {
            Endings.attemptEnded(task, EndReason.ATTEMPT_LOST, Endings.NOT_RUN, cost, state, facts);
        }
    }

    /**
     * Ends the attempt once no node runs its part any more.
     *
     * @param cost what the node that reported last has lost; the nodes stop within moments of each other
     */
    private void settle(TaskRecord task, AttemptCost cost, Facts facts) {
        if (task.hasMember(Member.Phase.PLACED) || task.hasMember(Member.Phase.STARTED)) {
            return;
        }
        if (!task.hasMember(Member.Phase.STOPPED)) {
            facts.add(new ClusterEvent.TaskCompleted(task.id(), task.attempt(), 0));
        } else {
            save(task, facts);
            Endings.preempted(now(task.id()), cost, state, facts);
        }
    }

    private TaskRecord now(TaskId taskId) {
        TaskRecord task = state.task(taskId);
        if (task == null) {
            throw new IllegalStateException("Task %s is gone before its attempt has ended".formatted(taskId));
        }
        return task;
    }
}
