package io.gpuctl.orchestrator.core;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskState;

/** Decides what happens to a task whose attempt ended without success. */
final class Endings {
    static final String NOT_RUN = "the node does not run it";

    private Endings() {}

    static String detail(TaskReport.Failed report) {
        return "exit code %d: %s".formatted(report.exitCode(), report.message());
    }

    static String detail(TaskReport.Faulted report) {
        String where = report.gpu() < 0 ? "node " : "GPU " + report.gpu() + " of node ";
        return "%s%s: %s".formatted(where, report.source().nodeId(), report.detail());
    }

    /**
     * Retries the task if its limits allow, or cancels it if a cancellation was requested. The other nodes of a gang
     * are told to stop the attempt.
     */
    static void attemptEnded(TaskRecord task, EndReason reason, String detail, PoolState state, Facts facts) {
        attemptEnded(task, reason, detail, AttemptCost.UNKNOWN, state, facts);
    }

    /** Retries or cancels the task, given the cost that a node reported for the attempt. */
    static void attemptEnded(
            TaskRecord task, EndReason reason, String detail, AttemptCost cost, PoolState state, Facts facts) {
        facts.add(ending(task, reason, detail, cost, state.settings(), facts.atMs()));
        boolean wereTold = task.state() == TaskState.PREEMPTING || task.state() == TaskState.CANCELLING;
        if (!task.members().isEmpty() && !wereTold) {
            stopMembers(task, state, facts);
        }
    }

    /**
     * Ends the attempt of a task that was preempted or cancelled, once all its nodes have reported that they stopped.
     */
    static void preempted(TaskRecord task, AttemptCost cost, PoolState state, Facts facts) {
        EndReason why = task.preemptReason();
        attemptEnded(task, why == null ? EndReason.PREEMPTED : why, "", cost, state, facts);
    }

    private static ClusterEvent ending(
            TaskRecord task, EndReason reason, String detail, AttemptCost cost, PoolSettings settings, long atMs) {
        if (task.state() == TaskState.CANCELLING) {
            return new ClusterEvent.TaskCancelled(task.id(), cost.energyMj());
        }
        if (!hasTriesLeft(task, reason, settings)) {
            return new ClusterEvent.TaskFailed(
                    task.id(), task.attempt(), reason, detail, cost.lostMs(), cost.energyMj());
        }
        long eligibleAtMs =
                reason == EndReason.TASK_FAILED ? atMs + backoffMs(task.failures(), settings.retryBackoffMs()) : atMs;
        return new ClusterEvent.TaskRequeued(
                task.id(), task.attempt(), reason, detail, eligibleAtMs, cost.lostMs(), cost.energyMj());
    }

    /** Tells the members' nodes to stop; a lost node is told once it is back. */
    private static void stopMembers(TaskRecord task, PoolState state, Facts facts) {
        AttemptId attempt = task.currentAttempt();
        for (Member member : task.members()) {
            Node node = state.node(member.nodeId());
            if (node != null && node.state() != NodeState.LOST && node.held().containsKey(attempt)) {
                facts.add(new ClusterEvent.StrayStopped(node.id(), node.incarnation(), attempt));
            }
        }
    }

    private static boolean hasTriesLeft(TaskRecord task, EndReason reason, PoolSettings settings) {
        return reason == EndReason.TASK_FAILED
                ? task.failures() + 1 < task.spec().maxAttempts()
                : !task.countsAsNodeLoss(reason) || task.nodeLosses() < settings.nodeLossesMax();
    }

    /** Returns the backoff, which doubles with each failure, up to a factor of 1024. */
    private static long backoffMs(int failuresBefore, long firstMs) {
        return firstMs << Math.min(failuresBefore, 10);
    }
}
