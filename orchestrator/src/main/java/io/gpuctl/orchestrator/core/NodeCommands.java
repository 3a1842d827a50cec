package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.TaskId;
import java.util.ArrayList;
import java.util.List;

/** The commands to the nodes that follow from a fact. They repeat what the log decided, and add nothing. */
final class NodeCommands {
    private NodeCommands() {}

    /**
     * Returns the commands that follow from a fact.
     *
     * @param state the state right after the fact
     */
    static List<NodeCommand> of(Fact fact, PoolState state) {
        return switch (fact.event()) {
            case ClusterEvent.TaskPlaced e -> starts(fact, e, state);
            case ClusterEvent.PreemptRequested e -> stops(fact, required(e.taskId(), state));
            case ClusterEvent.CancelRequested e -> stops(fact, required(e.taskId(), state));
            case ClusterEvent.StrayStopped e ->
                List.of(new NodeCommand.StopAttempt(
                        fact.pool(), e.nodeId(), e.incarnation(), e.attempt(), fact.atMs()));
            case ClusterEvent.OfPool _ -> List.of();
            case ClusterEvent.OfMember _ -> List.of();
            case ClusterEvent.OfUpkeep _ -> List.of();
            case ClusterEvent.TaskSubmitted _,
                    ClusterEvent.TaskRejected _,
                    ClusterEvent.PendingReasonChanged _,
                    ClusterEvent.TaskStarted _,
                    ClusterEvent.TaskCheckpointed _,
                    ClusterEvent.TaskCompleted _,
                    ClusterEvent.TaskRequeued _,
                    ClusterEvent.RetryDue _,
                    ClusterEvent.TaskFailed _,
                    ClusterEvent.TaskCancelled _ -> List.of();
            case ClusterEvent.AllocationReleased _,
                    ClusterEvent.NodeRegistered _,
                    ClusterEvent.NodeConditionChanged _,
                    ClusterEvent.NodeSuspected _,
                    ClusterEvent.NodeRecovered _,
                    ClusterEvent.NodeLost _,
                    ClusterEvent.NodeFaulted _,
                    ClusterEvent.NodeShutDown _ -> List.of();
        };
    }

    private static List<NodeCommand> starts(Fact fact, ClusterEvent.TaskPlaced event, PoolState state) {
        TaskRecord task = required(event.taskId(), state);
        List<NodeCommand> commands = new ArrayList<>();
        for (Allocation allocation : event.allocations()) {
            commands.add(new NodeCommand.StartAttempt(
                    fact.pool(),
                    new AttemptId(event.taskId(), event.attempt()),
                    allocation,
                    task.spec().work(),
                    task.progressMs(),
                    fact.atMs()));
        }
        return commands;
    }

    private static List<NodeCommand> stops(Fact fact, TaskRecord task) {
        List<NodeCommand> commands = new ArrayList<>();
        for (Allocation allocation : task.allocations()) {
            commands.add(new NodeCommand.StopAttempt(
                    fact.pool(), allocation.nodeId(), allocation.incarnation(), task.currentAttempt(), fact.atMs()));
        }
        return commands;
    }

    private static TaskRecord required(TaskId taskId, PoolState state) {
        TaskRecord task = state.task(taskId);
        if (task == null) {
            throw new IllegalStateException("Task %s is not in the state right after its fact".formatted(taskId));
        }
        return task;
    }
}
