package io.gpuctl.benchmarks;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.policy.Policies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scheduler's core, with nodes that never fail and obey every command at once. */
final class Cluster {
    private static final long INCARNATION = 1;

    private final PoolOrchestrator orchestrator;
    private long offset;

    /** A running task: its attempt, and where it runs. */
    record Running(AttemptId attempt, Allocation allocation) {}

    Cluster(PolicySpec policy, List<NodeInventory> nodes) {
        orchestrator = new PoolOrchestrator(
                new PoolState(PoolId.DEFAULT), "benchmark", PoolSettings.withPolicy(policy), Policies::create);
        for (NodeInventory node : nodes) {
            keep(orchestrator.on(new NodeEvent.Registered(node, INCARNATION, 0), cause("node-events")));
        }
    }

    /** Submits a task. If the task does not fit now, cancels it and returns null. */
    @Nullable
    Running submit(TaskSpec task) {
        Decision decision = keep(orchestrator.on(new TaskCommand.SubmitTask(task, 0), cause("task-commands")));
        for (Fact fact : decision.facts()) {
            if (fact.event() instanceof ClusterEvent.TaskPlaced placed) {
                return new Running(
                        new AttemptId(placed.taskId(), placed.attempt()),
                        placed.allocations().getFirst());
            }
        }
        keep(orchestrator.on(new TaskCommand.CancelTask(PoolId.DEFAULT, task.taskId(), 0), cause("task-commands")));
        return null;
    }

    void complete(Running task) {
        var source = new TaskReport.Source(
                PoolId.DEFAULT, task.allocation().nodeId(), task.allocation().incarnation());
        keep(orchestrator.on(new TaskReport.Started(source, task.attempt(), 0), cause("task-reports")));
        keep(orchestrator.on(new TaskReport.Completed(source, task.attempt(), 0), cause("task-reports")));
    }

    private Cause cause(String topic) {
        return new Cause(topic, 0, offset++);
    }

    /** Drains the changed state, as a runtime does after each input to store it. */
    private Decision keep(Decision decision) {
        orchestrator.state().drainChanges();
        return decision;
    }
}
