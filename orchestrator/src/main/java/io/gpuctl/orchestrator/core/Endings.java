package io.gpuctl.orchestrator.core;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskState;

/** What becomes of a task whose attempt ended without success. */
final class Endings {
    private Endings() {}

    /** The task is tried again if its limits allow; a task that was to be cancelled is. */
    static void attemptEnded(TaskRecord task, EndReason reason, String detail, PoolState state, Facts facts) {
        if (task.state() == TaskState.CANCELLING) {
            facts.add(new ClusterEvent.TaskCancelled(task.id()));
            return;
        }
        PoolSettings settings = state.settings();
        if (!hasTriesLeft(task, reason, settings)) {
            facts.add(new ClusterEvent.TaskFailed(task.id(), task.attempt(), reason, detail));
            return;
        }
        long eligibleAtMs = reason == EndReason.TASK_FAILED
                ? facts.atMs() + backoffMs(task.failures(), settings.retryBackoffMs())
                : facts.atMs();
        facts.add(new ClusterEvent.TaskRequeued(task.id(), task.attempt(), reason, detail, eligibleAtMs));
    }

    private static boolean hasTriesLeft(TaskRecord task, EndReason reason, PoolSettings settings) {
        return reason == EndReason.TASK_FAILED
                ? task.failures() + 1 < task.spec().maxAttempts()
                : !task.countsAsNodeLoss(reason) || task.nodeLosses() < settings.nodeLossesMax();
    }

    /** Doubles with each failure, up to a thousandfold. */
    private static long backoffMs(int failuresBefore, long firstMs) {
        return firstMs << Math.min(failuresBefore, 10);
    }
}
