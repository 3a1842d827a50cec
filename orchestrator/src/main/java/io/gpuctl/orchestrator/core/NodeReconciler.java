package io.gpuctl.orchestrator.core;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Keeps the book and the nodes in agreement: who is there, who fell silent, and what runs where. */
final class NodeReconciler {
    private final PoolState state;
    private final Watch watch;

    NodeReconciler(PoolState state, Watch watch) {
        this.state = state;
        this.watch = watch;
    }

    void handle(NodeEvent event, Facts facts) {
        switch (event) {
            case NodeEvent.Registered registered -> register(registered, facts);
            case NodeEvent.Heartbeat heartbeat -> heartbeat(heartbeat, facts);
            case NodeEvent.Faulted fault -> {
                if (speaksFor(event) != null) {
                    facts.add(new ClusterEvent.NodeFaulted(fault.nodeId(), fault.kind(), fault.gpu(), fault.detail()));
                }
            }
            case NodeEvent.ShutDown shutDown -> {
                Node node = speaksFor(event);
                if (node != null && node.state() != NodeState.DOWN) {
                    List<TaskRecord> tasks = new ArrayList<>(state.tasksOn(node));
                    facts.add(new ClusterEvent.NodeShutDown(node.id()));
                    endAttempts(tasks, EndReason.NODE_SHUT_DOWN, "node " + node.id() + " shut down", facts);
                }
            }
        }
    }

    /** Nodes that were silent for too long are suspect, then lost. */
    void judgeSilence(Facts facts) {
        PoolSettings settings = state.settings();
        for (Node node : new ArrayList<>(state.nodes())) {
            long silenceMs = watch.silenceMs(node.id());
            if (node.state() == NodeState.UP && silenceMs >= settings.suspectAfterMs()) {
                facts.add(new ClusterEvent.NodeSuspected(node.id()));
            }
            if (node.state() == NodeState.SUSPECT && silenceMs >= settings.lostAfterMs()) {
                List<TaskRecord> tasks = new ArrayList<>(state.tasksOn(node));
                facts.add(new ClusterEvent.NodeLost(node.id()));
                endAttempts(tasks, EndReason.NODE_LOST, "node " + node.id() + " fell silent", facts);
            }
        }
    }

    private void register(NodeEvent.Registered event, Facts facts) {
        Node node = state.node(event.nodeId());
        if (node != null && event.incarnation() < node.incarnation()) {
            return;
        }
        if (node != null && event.incarnation() == node.incarnation()) {
            watch.heard(event.nodeId());
            return;
        }
        List<TaskRecord> tasks = node == null ? List.of() : new ArrayList<>(state.tasksOn(node));
        facts.add(new ClusterEvent.NodeRegistered(event.inventory(), event.incarnation()));
        endAttempts(tasks, EndReason.NODE_RESTARTED, "node " + event.nodeId() + " restarted", facts);
        watch.forget(event.nodeId());
    }

    /** The node, if the event is from the start of it that the book knows. */
    private @Nullable Node speaksFor(NodeEvent event) {
        Node node = state.node(event.nodeId());
        return node != null && node.incarnation() == event.incarnation() ? node : null;
    }

    private void heartbeat(NodeEvent.Heartbeat event, Facts facts) {
        Node node = speaksFor(event);
        if (node == null || node.state() == NodeState.DOWN) {
            return;
        }
        watch.heard(node.id());
        if (node.state() != NodeState.UP) {
            facts.add(new ClusterEvent.NodeRecovered(node.id()));
        }
        compare(node, new TreeSet<>(event.running()), facts);
    }

    private void compare(Node node, Set<AttemptId> running, Facts facts) {
        Set<AttemptId> differing = new TreeSet<>();
        for (AttemptId attempt : new ArrayList<>(node.held().keySet())) {
            if (!running.contains(attempt)) {
                missing(node, attempt, differing, facts);
            }
        }
        for (AttemptId attempt : running) {
            if (!isCurrent(attempt, node)) {
                stray(node, attempt, differing, facts);
            }
        }
        watch.agreesExcept(node.id(), differing);
    }

    /**
     * The book has an attempt there that the node does not run. It may not have got the order yet; or its report of the
     * end is on its way.
     */
    private void missing(Node node, AttemptId attempt, Set<AttemptId> differing, Facts facts) {
        TaskRecord task = state.task(attempt.taskId());
        if (task == null || !task.isCurrent(attempt)) {
            facts.add(new ClusterEvent.AllocationReleased(node.id(), attempt));
        } else if (watch.differsForMs(node.id(), attempt) >= state.settings().lostAfterMs()) {
            endAttempts(List.of(task), EndReason.ATTEMPT_LOST, "node " + node.id() + " does not run it", facts);
        } else {
            differing.add(attempt);
        }
    }

    /** The node runs an attempt that the book has not there. Its report of the end may be on its way. */
    private void stray(Node node, AttemptId attempt, Set<AttemptId> differing, Facts facts) {
        if (watch.differsForMs(node.id(), attempt) >= state.settings().suspectAfterMs()) {
            facts.add(new ClusterEvent.StrayStopped(node.id(), node.incarnation(), attempt));
        } else {
            differing.add(attempt);
        }
    }

    private boolean isCurrent(AttemptId attempt, Node node) {
        TaskRecord task = state.task(attempt.taskId());
        return task != null && task.isCurrent(attempt) && node.held().containsKey(attempt);
    }

    private void endAttempts(List<TaskRecord> tasks, EndReason reason, String detail, Facts facts) {
        for (TaskRecord task : tasks) {
            Endings.attemptEnded(task, reason, detail, state, facts);
        }
    }
}
