package io.gpuctl.orchestrator.core;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Keeps the book and the nodes in agreement: who is there, who fell silent, and what runs where. */
final class NodeReconciler {
    private final PoolState state;
    private final Cordons cordons;
    private final Watch watch;

    NodeReconciler(PoolState state, Cordons cordons, Watch watch) {
        this.state = state;
        this.cordons = cordons;
        this.watch = watch;
        state.nodes().forEach(node -> watch.heard(node.id()));
    }

    void handle(NodeEvent event, Facts facts) {
        switch (event) {
            case NodeEvent.Registered registered -> register(registered, facts);
            case NodeEvent.Heartbeat heartbeat -> heartbeat(heartbeat, facts);
            case NodeEvent.Faulted fault -> {
                Node node = speaksFor(event);
                if (node != null) {
                    cordons.broke(node, fault, facts);
                }
            }
            case NodeEvent.GpuRestored restored -> {
                Node node = speaksFor(event);
                if (node != null && node.upkeep().gpusOut().contains(restored.gpu())) {
                    facts.add(new ClusterEvent.GpuReturned(node.id(), restored.gpu()));
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
        for (Map.Entry<NodeId, Long> silent :
                watch.silentFor(settings.suspectAfterMs()).entrySet()) {
            Node node = state.node(silent.getKey());
            if (node == null) {
                continue;
            }
            if (node.state() == NodeState.UP) {
                facts.add(new ClusterEvent.NodeSuspected(node.id()));
            }
            if (node.state() == NodeState.SUSPECT && silent.getValue() >= settings.lostAfterMs()) {
                List<TaskRecord> tasks = new ArrayList<>(state.tasksOn(node));
                facts.add(new ClusterEvent.NodeLost(node.id()));
                endAttempts(tasks, EndReason.NODE_LOST, "node " + node.id() + " fell silent", facts);
            }
        }
    }

    private void register(NodeEvent.Registered event, Facts facts) {
        Node node = state.node(event.nodeId());
        if (node != null && event.incarnation() < node.incarnation() && !isGone(node)) {
            return;
        }
        if (node != null && event.incarnation() == node.incarnation()) {
            watch.heard(event.nodeId());
            return;
        }
        List<TaskRecord> tasks = node == null ? List.of() : new ArrayList<>(state.tasksOn(node));
        if (node != null && event.afterCrash()) {
            cordons.crashed(node, facts);
        }
        long insteadOf = node != null && event.incarnation() < node.incarnation() ? node.incarnation() : 0;
        facts.add(new ClusterEvent.NodeRegistered(event.inventory(), event.incarnation(), insteadOf));
        endAttempts(tasks, EndReason.NODE_RESTARTED, "node " + event.nodeId() + " restarted", facts);
        if (node != null) {
            cordons.startedAnew(node, facts);
        }
        watch.forget(event.nodeId());
    }

    /**
     * The start of the node that the book knows is silent for good, or has said goodbye. Then one with a lower number is a later
     * one all the same: its clock was set back in between. The order of the log and silence say so, which no clock can bend.
     */
    private static boolean isGone(Node node) {
        return node.state() == NodeState.LOST || node.state() == NodeState.DOWN;
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
            compare(node, new TreeSet<>(event.running()), stopWhatIsOver(node, facts), facts);
        } else {
            compare(node, new TreeSet<>(event.running()), Set.of(), facts);
        }
    }

    /**
     * While the node was lost, attempts there ended by the book; their GPUs are free once it says so. Returns them.
     */
    private Set<AttemptId> stopWhatIsOver(Node node, Facts facts) {
        Set<AttemptId> stopped = new TreeSet<>();
        for (AttemptId attempt : List.copyOf(node.held().keySet())) {
            if (!isCurrent(attempt, node)) {
                stop(node, attempt, facts);
                stopped.add(attempt);
            }
        }
        return stopped;
    }

    /**
     * Has the node stop what it and the book do not agree on, if they go on to differ. A heartbeat alone proves nothing:
     * a node that does not run an attempt may have the order to start it still before it, and one that does may have
     * its report of the end on the way. But its answer to a stop comes after all orders before that: only the answer
     * ends the attempt, and frees its GPUs.
     *
     * @param stopped those that it was told to stop just now
     */
    private void compare(Node node, Set<AttemptId> running, Set<AttemptId> stopped, Facts facts) {
        Set<AttemptId> disputed = new TreeSet<>(running);
        disputed.addAll(node.held().keySet());
        disputed.removeIf(attempt -> isCurrent(attempt, node) && running.contains(attempt) != isOver(attempt, node));
        disputed.removeAll(stopped);
        PoolSettings settings = state.settings();
        for (AttemptId attempt : disputed) {
            long patienceMs = isCurrent(attempt, node) ? settings.lostAfterMs() : settings.suspectAfterMs();
            if (watch.haveDiffered(node.id(), attempt, patienceMs)) {
                stop(node, attempt, facts);
            }
        }
        watch.agreesExcept(node.id(), disputed);
    }

    /** Whether the node has said that it runs its part of the gang no more, though others do. */
    private boolean isOver(AttemptId attempt, Node node) {
        TaskRecord task = state.task(attempt.taskId());
        Member member = task == null ? null : task.member(node.id());
        return member != null && member.isOver();
    }

    private static void stop(Node node, AttemptId attempt, Facts facts) {
        facts.add(new ClusterEvent.StrayStopped(node.id(), node.incarnation(), attempt));
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
