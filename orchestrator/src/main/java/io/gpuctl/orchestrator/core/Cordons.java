package io.gpuctl.orchestrator.core;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.HealthSettings;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Xid;
import io.gpuctl.events.XidCatalogue;
import io.gpuctl.events.units.Durations;
import java.util.ArrayList;
import java.util.List;

/**
 * Cordons and uncordons nodes: for an operator, after a fault, and when a node is slow. Only an operator ends the
 * cordon of an operator; a fault in the meantime may turn the cordon into a drain.
 */
final class Cordons {
    private final PoolState state;

    Cordons(PoolState state) {
        this.state = state;
    }

    /** Cordons a node for an operator. A cordon does not end a drain: a node that is being drained stays so. */
    void cordon(NodeId nodeId, boolean drain, String reason, Facts facts) {
        Node node = state.node(nodeId);
        if (node == null) {
            return;
        }
        Cordon before = node.upkeep().cordon();
        boolean drains = drain || (before != null && before.drain());
        if (before == null || before.cause() != CordonCause.OPERATOR || drains != before.drain()) {
            cordon(node, CordonCause.OPERATOR, drains, reason, 0, facts);
        }
    }

    /** Uncordons a node for an operator, whatever the cause of the cordon. */
    void uncordon(NodeId nodeId, String reason, Facts facts) {
        Node node = state.node(nodeId);
        if (node != null && node.isCordoned()) {
            facts.add(new ClusterEvent.NodeUncordoned(nodeId, reason));
        }
    }

    /**
     * Handles a fault that a node reported. The node reports the attempts that the fault ended separately, in another
     * topic, before or after this event.
     */
    void broke(Node node, NodeEvent.Faulted fault, Facts facts) {
        facts.add(new ClusterEvent.NodeFaulted(node.id(), fault.kind(), fault.gpu(), fault.detail(), fault.xid()));
        if (node.state() == NodeState.DOWN) {
            return;
        }
        switch (action(node, fault)) {
            case NOTE, END_ATTEMPTS -> {}
            case CORDON_NODE -> cordonForFault(node, detail(fault), false, facts);
            case TAKE_GPU_OUT -> {
                if (!node.isOut(fault.gpu())) {
                    facts.add(new ClusterEvent.GpuTakenOut(node.id(), fault.gpu(), detail(fault)));
                }
            }
            case DRAIN_NODE -> cordonForFault(node, detail(fault), true, facts);
        }
    }

    private Xid.Action action(Node node, NodeEvent.Faulted fault) {
        Xid.Action action = Xid.Action.NOTE;
        if (fault.xid() > 0) {
            action = xid(fault).action();
        } else if (fault.kind().equals(NodeEvent.Faulted.THERMAL_SHUTDOWN)) {
            action = Xid.Action.TAKE_GPU_OUT;
        }
        if (fault.gpu() >= node.gpuCount()) {
            return Xid.Action.NOTE; // The node has no such GPU: the fault is recorded, and has no effect.
        }
        // The fault does not name the lost GPU, so no GPU of the node can be trusted.
        return action == Xid.Action.TAKE_GPU_OUT && fault.gpu() < 0 ? Xid.Action.DRAIN_NODE : action;
    }

    private String detail(NodeEvent.Faulted fault) {
        return fault.xid() > 0
                ? "XID %d, %s".formatted(fault.xid(), xid(fault).meaning())
                : fault.kind().replace('_', ' ');
    }

    private Xid xid(NodeEvent.Faulted fault) {
        return XidCatalogue.of(fault.xid(), state.settings().health().xidEdition());
    }

    /** Cordons or drains the node, unless an earlier fault or an operator has done so. */
    private void cordonForFault(Node node, String detail, boolean drain, Facts facts) {
        Cordon before = node.upkeep().cordon();
        if (before == null || before.cause() == CordonCause.STRAGGLER) {
            HealthSettings settings = state.settings().health();
            int tries = node.upkeep().triesWithOneMore(facts.atMs(), settings);
            boolean drains = drain || before != null;
            cordon(node, CordonCause.FAULT, drains, detail + ifItStays(tries, settings), 0, facts);
        } else if (drain && !before.drain()) {
            cordon(node, before.cause(), true, detail, 0, facts);
        }
    }

    /**
     * Handles a crash: the machine stopped without a report, and is about to restart. The crash counts like a fault
     * that takes the node out of service until it restarts, so a node that keeps crashing stays out. The attempts there
     * have ended with the machine.
     */
    void crashed(Node node, Facts facts) {
        facts.add(new ClusterEvent.NodeFaulted(node.id(), NodeEvent.Faulted.NODE_CRASH, -1, "the node crashed", 0));
        Cordon before = node.upkeep().cordon();
        if (before == null || before.cause() == CordonCause.STRAGGLER) {
            HealthSettings settings = state.settings().health();
            int tries = node.upkeep().triesWithOneMore(facts.atMs(), settings);
            String detail = "crashed" + ifItStays(tries, settings);
            facts.add(new ClusterEvent.NodeCordoned(node.id(), CordonCause.FAULT, true, detail, 0));
        }
    }

    /** Ends the cordon for a fault when the node has restarted, unless the node has no tries left. */
    void startedAnew(Node node, Facts facts) {
        Cordon cordon = node.upkeep().cordon();
        if (cordon != null
                && cordon.cause() == CordonCause.FAULT
                && cordon.tries() <= state.settings().health().triesMax()) {
            facts.add(new ClusterEvent.NodeUncordoned(node.id(), "started anew"));
        }
    }

    /** Handles a node's report of how fast it does the work of an attempt. */
    void paced(TaskRecord task, NodeId nodeId, int paceMilli, Facts facts) {
        Node node = state.node(nodeId);
        if (node == null || node.isCordoned() || task.state() != TaskState.RUNNING) {
            return;
        }
        HealthSettings settings = state.settings().health();
        if (paceMilli >= settings.stragglerPaceMilli()) {
            if (node.upkeep().slowReports() > 0) {
                facts.add(new ClusterEvent.NodeOnPace(nodeId));
            }
            return;
        }
        facts.add(new ClusterEvent.NodeSlow(nodeId, paceMilli));
        if (node.upkeep().slowReports() >= settings.stragglerReports()) {
            drainStraggler(node, paceMilli, settings, facts);
        }
    }

    private void drainStraggler(Node node, int paceMilli, HealthSettings settings, Facts facts) {
        int tries = node.upkeep().triesWithOneMore(facts.atMs(), settings);
        String detail = "slow %d times in a row, at %d thousandths of full clock in the end"
                .formatted(node.upkeep().slowReports(), paceMilli);
        long untilMs = tries > settings.triesMax() ? 0 : facts.atMs() + (settings.retryAfterMs() << (tries - 1));
        cordon(node, CordonCause.STRAGGLER, true, detail + ifItStays(tries, settings), untilMs, facts);
    }

    private static String ifItStays(int tries, HealthSettings settings) {
        return tries <= settings.triesMax()
                ? ""
                : "; cordoned automatically %d times within %s: it stays so until an operator uncordons it"
                        .formatted(tries, Durations.human(settings.triesWindowMs()));
    }

    /** Uncordons the nodes whose automatic cordon has ended, so that they are tried again. */
    void tryAgain(Facts facts) {
        // Use the time of the facts, which never goes back: the log holds no other time.
        long atMs = facts.atMs();
        for (NodeId due = state.cordonEndedBy(atMs); due != null; due = state.cordonEndedBy(atMs)) {
            facts.add(new ClusterEvent.NodeUncordoned(due, "is tried again"));
        }
    }

    private void cordon(Node node, CordonCause cause, boolean drain, String detail, long untilMs, Facts facts) {
        facts.add(new ClusterEvent.NodeCordoned(node.id(), cause, drain, detail, untilMs));
        if (drain) {
            evict(node, facts);
        }
    }

    /** Stops the tasks on the node. A gang is stopped on all its nodes: it runs whole or not at all. */
    private void evict(Node node, Facts facts) {
        List<TaskRecord> tasks = new ArrayList<>(state.tasksOn(node));
        for (TaskRecord task : tasks) {
            switch (task.state()) {
                case PLACED, RUNNING ->
                    facts.add(new ClusterEvent.PreemptRequested(task.id(), task.attempt(), EndReason.NODE_DRAINED));
                // These tasks are already being stopped.
                case PREEMPTING, CANCELLING -> {}
                case QUEUED, BACKING_OFF, COMPLETED, FAILED, CANCELLED, REJECTED ->
                    throw new IllegalStateException("%s holds GPUs and is %s".formatted(task.id(), task.state()));
            }
        }
    }

    /** Adds a fact for each node whose drain is complete, which is when the node holds nothing any more. */
    void sayWhoIsDrained(Facts facts) {
        for (NodeId nodeId : state.draining()) {
            Node node = state.node(nodeId);
            if (node != null && node.held().isEmpty()) {
                facts.add(new ClusterEvent.NodeDrained(nodeId));
            }
        }
    }
}
