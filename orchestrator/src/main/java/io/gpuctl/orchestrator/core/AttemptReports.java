package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * Handles the reports of nodes on attempts. A report on an attempt that is over only releases what the attempt still
 * holds.
 */
final class AttemptReports {
    private final PoolState state;
    private final Cordons cordons;
    private final GangReports gangs;

    AttemptReports(PoolState state, Cordons cordons) {
        this.state = state;
        this.cordons = cordons;
        gangs = new GangReports(state, cordons);
    }

    void handle(TaskReport report, Facts facts) {
        TaskRecord task = taskOf(report);
        if (task == null) {
            handleOld(report, facts);
            return;
        }
        Member member = task.member(report.source().nodeId());
        if (member != null) {
            gangs.handle(task, member, report, facts);
        } else {
            handle(task, report, facts);
        }
    }

    private void handle(TaskRecord task, TaskReport report, Facts facts) {
        switch (report) {
            case TaskReport.Started started -> start(task, facts);
            case TaskReport.Progressed progressed ->
                cordons.paced(task, progressed.source().nodeId(), progressed.paceMilli(), facts);
            case TaskReport.Checkpointed checkpointed -> {
                start(task, facts);
                if (checkpointed.progressMs() > task.progressMs()) {
                    facts.add(new ClusterEvent.TaskCheckpointed(task.id(), task.attempt(), checkpointed.progressMs()));
                }
            }
            case TaskReport.Completed completed -> {
                start(task, facts);
                facts.add(new ClusterEvent.TaskCompleted(task.id(), task.attempt(), completed.energyMj()));
            }
            case TaskReport.Failed failed ->
                Endings.attemptEnded(
                        task, EndReason.TASK_FAILED, Endings.detail(failed), AttemptCost.of(failed), state, facts);
            case TaskReport.Stopped stopped -> stop(task, stopped, facts);
            case TaskReport.Faulted faulted ->
                Endings.attemptEnded(
                        task, EndReason.HARDWARE_FAULT, Endings.detail(faulted), AttemptCost.of(faulted), state, facts);
        }
    }

    /**
     * Returns the task whose current attempt the report is about, if the report is from a node that was told to run the
     * attempt.
     */
    private @Nullable TaskRecord taskOf(TaskReport report) {
        TaskRecord task = state.task(report.attempt().taskId());
        if (task == null || !task.isCurrent(report.attempt())) {
            return null;
        }
        for (Allocation allocation : task.allocations()) {
            if (allocation.nodeId().equals(report.source().nodeId())
                    && allocation.incarnation() == report.source().incarnation()) {
                return task;
            }
        }
        return null;
    }

    private static void start(TaskRecord task, Facts facts) {
        if (task.state() == TaskState.PLACED) {
            facts.add(new ClusterEvent.TaskStarted(task.id(), task.attempt()));
        }
    }

    private void stop(TaskRecord task, TaskReport.Stopped report, Facts facts) {
        if (task.state() != TaskState.PREEMPTING) {
            Endings.attemptEnded(task, EndReason.ATTEMPT_LOST, Endings.NOT_RUN, AttemptCost.of(report), state, facts);
            return;
        }
        if (report.progressMs() > task.progressMs()) {
            facts.add(new ClusterEvent.TaskCheckpointed(task.id(), task.attempt(), report.progressMs()));
        }
        Endings.preempted(task, AttemptCost.of(report), state, facts);
    }

    private void handleOld(TaskReport report, Facts facts) {
        NodeId nodeId = report.source().nodeId();
        Node node = state.node(nodeId);
        if (report.endsAttempt()
                && node != null
                && node.incarnation() == report.source().incarnation()) {
            AttemptId attempt = report.attempt();
            if (node.held().containsKey(attempt)) {
                facts.add(new ClusterEvent.AllocationReleased(nodeId, attempt, report.energyMj()));
            }
        }
    }
}
