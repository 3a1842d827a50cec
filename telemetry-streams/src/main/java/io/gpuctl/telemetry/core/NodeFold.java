package io.gpuctl.telemetry.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one node changes by a fact, and by what is placed on it. */
public final class NodeFold {
    private NodeFold() {}

    /**
     * The node after a fact about it.
     *
     * @param before null for an unknown node
     * @param event the fact's
     * @return null if the node is unknown: then the fact changes nothing
     */
    public static @Nullable NodeView apply(@Nullable NodeView before, Fact fact, ClusterEvent.OfNode event) {
        if (event instanceof ClusterEvent.NodeRegistered registered) {
            return registered(before, fact, registered);
        }
        if (before == null) {
            return null;
        }
        return switch (event) {
            case ClusterEvent.NodeRegistered registered -> registered(before, fact, registered);
            case ClusterEvent.StrayStopped _ -> with(before, fact, before.running());
            case ClusterEvent.AllocationReleased released ->
                with(before, fact, without(before.running(), released.attempt()));
            case ClusterEvent.NodeConditionChanged changed ->
                with(before, fact, changed.condition(), before.lastFault());
            case ClusterEvent.NodeSuspected _ -> in(NodeState.SUSPECT, before, fact);
            case ClusterEvent.NodeRecovered _ -> in(NodeState.UP, before, fact);
            case ClusterEvent.NodeLost _ -> in(NodeState.LOST, before, fact);
            case ClusterEvent.NodeFaulted faulted ->
                with(
                        before,
                        fact,
                        before.condition(),
                        new NodeFault(faulted.kind(), faulted.gpu(), faulted.detail(), fact.atMs()));
            case ClusterEvent.NodeShutDown _ -> in(NodeState.DOWN, before, fact);
        };
    }

    /** The attempt got what is in the allocation. */
    static NodeView placed(NodeView before, Fact fact, AttemptId attempt, Allocation allocation) {
        List<RunningTask> running = new ArrayList<>(without(before.running(), attempt));
        running.add(new RunningTask(attempt, allocation, false));
        return with(before, fact, running);
    }

    /**
     * The attempt has ended. A lost node may run it still: what it held there stays held until the node speaks, which is
     * {@link ClusterEvent.AllocationReleased} or {@link ClusterEvent.NodeRegistered}.
     */
    static NodeView ended(NodeView before, Fact fact, AttemptId attempt) {
        List<RunningTask> running = new ArrayList<>(before.running().size());
        for (RunningTask task : before.running()) {
            if (!task.attempt().equals(attempt)) {
                running.add(task);
            } else if (before.state() == NodeState.LOST) {
                running.add(new RunningTask(attempt, task.allocation(), true));
            }
        }
        return with(before, fact, running);
    }

    /** A new incarnation runs nothing. The condition of its GPUs stays until the next one comes. */
    private static NodeView registered(@Nullable NodeView before, Fact fact, ClusterEvent.NodeRegistered event) {
        return new NodeView(
                event.inventory(),
                event.incarnation(),
                NodeState.UP,
                fact.sequence(),
                fact.atMs(),
                fact.atMs(),
                List.of(),
                before == null ? null : before.condition(),
                null);
    }

    private static List<RunningTask> without(List<RunningTask> running, AttemptId attempt) {
        return running.stream().filter(task -> !task.attempt().equals(attempt)).toList();
    }

    private static NodeView in(NodeState state, NodeView before, Fact fact) {
        return new NodeView(
                before.inventory(),
                before.incarnation(),
                state,
                fact.sequence(),
                before.registeredAtMs(),
                before.state() == state ? before.stateSinceMs() : fact.atMs(),
                before.running(),
                before.condition(),
                before.lastFault());
    }

    private static NodeView with(NodeView before, Fact fact, List<RunningTask> running) {
        return new NodeView(
                before.inventory(),
                before.incarnation(),
                before.state(),
                fact.sequence(),
                before.registeredAtMs(),
                before.stateSinceMs(),
                running,
                before.condition(),
                before.lastFault());
    }

    private static NodeView with(
            NodeView before, Fact fact, @Nullable NodeCondition condition, @Nullable NodeFault fault) {
        return new NodeView(
                before.inventory(),
                before.incarnation(),
                before.state(),
                fact.sequence(),
                before.registeredAtMs(),
                before.stateSinceMs(),
                before.running(),
                condition,
                fault);
    }
}
