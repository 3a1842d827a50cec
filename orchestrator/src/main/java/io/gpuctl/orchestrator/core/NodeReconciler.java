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

/** Reconciles the pool's state with the nodes: which nodes exist, which are silent, and what runs on each. */
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

    /** Marks nodes that have been silent for too long as suspect, then as lost. */
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
     * Returns whether the known start of the node is lost or shut down. If so, a start with a lower number is still a
     * later start: the node's clock was set back in between. The order of the log proves that, without any clock.
     */
    private static boolean isGone(Node node) {
        return node.state() == NodeState.LOST || node.state() == NodeState.DOWN;
    }

    /** Returns the node, if the event is from the known start of the node. */
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
     * Stops the attempts that ended for their tasks while the node was lost, and returns them. Their GPUs become free
     * once the node reports the end.
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
     * Stops attempts on which the node and the state keep differing. One heartbeat proves nothing: the command to start
     * a missing attempt may still be on its way to the node, and the report of an attempt's end may be on its way back.
     * But the node answers a stop after all earlier commands, so only its answer ends the attempt and frees the GPUs.
     *
     * @param stopped the attempts that the node was told to stop just now
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

    /** Returns whether the node has reported that it no longer runs its part of the gang. */
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
