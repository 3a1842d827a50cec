package io.gpuctl.audit.rules;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskLife;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.TaskStep;
import io.gpuctl.orchestrator.core.FinishedTask;
import io.gpuctl.orchestrator.core.Member;
import io.gpuctl.orchestrator.core.NodeSnapshot;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves a task to the state that an illegal fact claims, as far as possible, so that one wrong fact gives one violation
 * and not one for each later fact. Facts about nodes are skipped: the next fact about the node corrects its state.
 */
final class MirrorRepair {
    private MirrorRepair() {}

    static void follow(Fact fact, PoolMirror mirror) {
        if (!(fact.event() instanceof ClusterEvent.OfTask event)) {
            return;
        }
        TaskRecord task = mirror.tasks().get(event.taskId());
        if (task == null) {
            return;
        }
        TaskState next = TaskLife.believed(task.state(), TaskStep.of(event, fact.atMs()));
        switch (event) {
            case ClusterEvent.TaskSubmitted e -> {}
            case ClusterEvent.PendingReasonChanged e -> {}
            case ClusterEvent.MemberStarted e -> {}
            case ClusterEvent.MemberCheckpointed e -> {}
            case ClusterEvent.MemberEnded e -> {}
            case ClusterEvent.TaskCheckpointed e -> {}
            case ClusterEvent.TaskPlaced e -> {
                // Release what the earlier attempt held: no later fact will.
                release(task.id(), mirror);
                put(task, next, e.attempt(), e.allocations(), null, mirror);
            }
            case ClusterEvent.TaskStarted e -> put(task, next, task.attempt(), task.allocations(), null, mirror);
            case ClusterEvent.PreemptRequested e ->
                put(task, next, task.attempt(), task.allocations(), e.reason(), mirror);
            case ClusterEvent.CancelRequested e ->
                put(task, next, task.attempt(), task.allocations(), task.preemptReason(), mirror);
            case ClusterEvent.RetryDue e -> put(task, next, task.attempt(), List.of(), null, mirror);
            case ClusterEvent.TaskRequeued e -> {
                release(task.id(), mirror);
                put(task, next, task.attempt(), List.of(), null, mirror);
            }
            case ClusterEvent.TaskRejected e -> finish(task.id(), next, fact, mirror);
            case ClusterEvent.TaskCompleted e -> finish(task.id(), next, fact, mirror);
            case ClusterEvent.TaskFailed e -> finish(task.id(), next, fact, mirror);
            case ClusterEvent.TaskCancelled e -> finish(task.id(), next, fact, mirror);
        }
    }

    private static void finish(TaskId taskId, TaskState state, Fact fact, PoolMirror mirror) {
        release(taskId, mirror);
        mirror.tasks().remove(taskId);
        FinishedTask task = FinishedTask.under(mirror.header().settings(), taskId, state, fact.sequence(), fact.atMs());
        mirror.finished().put(taskId, task);
    }

    private static void release(TaskId taskId, PoolMirror mirror) {
        for (NodeSnapshot node : List.copyOf(mirror.nodes().values())) {
            List<NodeSnapshot.Hold> others = node.unreleased().stream()
                    .filter(hold -> !holder(hold).equals(taskId))
                    .toList();
            if (others.size() < node.unreleased().size()) {
                mirror.nodes()
                        .put(
                                node.inventory().nodeId(),
                                new NodeSnapshot(
                                        node.inventory(),
                                        node.incarnation(),
                                        node.state(),
                                        node.condition(),
                                        others,
                                        node.upkeep()));
            }
        }
    }

    private static TaskId holder(NodeSnapshot.Hold hold) {
        AttemptId attempt = hold.attempt();
        return attempt.taskId();
    }

    private static void put(
            TaskRecord task,
            TaskState state,
            int attempt,
            List<Allocation> allocations,
            @Nullable EndReason preemptReason,
            PoolMirror mirror) {
        mirror.tasks()
                .put(
                        task.id(),
                        new TaskRecord(
                                task.spec(),
                                state,
                                task.submitSequence(),
                                attempt,
                                task.failures(),
                                task.nodeLosses(),
                                allocations,
                                Member.of(allocations, task.progressMs()),
                                task.startedAtMs(),
                                task.attainedMs(),
                                task.progressMs(),
                                task.progressAtMs(),
                                task.eligibleAtMs(),
                                task.reason(),
                                task.reasonAtMs(),
                                preemptReason));
    }
}
