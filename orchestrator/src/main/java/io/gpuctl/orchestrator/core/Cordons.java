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
 * Takes nodes out of service and back: for an operator, for what is broken, and for being slow. Who has cordoned a node by
 * hand, ends it by hand: what happens to it meanwhile may drain it, but not put it back.
 */
final class Cordons {
    private final PoolState state;

    Cordons(PoolState state) {
        this.state = state;
    }

    /** An operator's word. A drain is not taken back by another word to cordon: the node goes on being drained. */
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

    /** An operator's word: it ends a cordon of any cause. */
    void uncordon(NodeId nodeId, String reason, Facts facts) {
        Node node = state.node(nodeId);
        if (node != null && node.isCordoned()) {
            facts.add(new ClusterEvent.NodeUncordoned(nodeId, reason));
        }
    }

    /**
     * A node said that something broke. The attempts that this ended are for it to report: its word on them comes in
     * another topic, before or after this.
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
            return Xid.Action.NOTE; // The node has no such GPU: its word is kept, and moves nobody.
        }
        // It does not say which GPU is lost: then none of them can be trusted.
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

    /** A node that is cordoned, or drained, for a fault already has no more to lose by another like it. */
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
     * The machine stopped without a word, and is about to start anew: that counts like an error that takes its node out of
     * service until it starts anew, so a node that goes on crashing stays out. What ran there has ended with the machine.
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

    /** The node has started anew, after its repair. */
    void startedAnew(Node node, Facts facts) {
        Cordon cordon = node.upkeep().cordon();
        if (cordon != null
                && cordon.cause() == CordonCause.FAULT
                && cordon.tries() <= state.settings().health().triesMax()) {
            facts.add(new ClusterEvent.NodeUncordoned(node.id(), "started anew"));
        }
    }

    /** The node said how fast it does the work of an attempt. */
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

    /** Time has passed: nodes that were slow are tried again. */
    void tryAgain(Facts facts) {
        // By the time of the facts, which does not go back: the log says no other.
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

    /** Of a gang, all nodes are told to stop: it goes on elsewhere, or not at all. */
    private void evict(Node node, Facts facts) {
        List<TaskRecord> tasks = new ArrayList<>(state.tasksOn(node));
        for (TaskRecord task : tasks) {
            switch (task.state()) {
                case PLACED, RUNNING ->
                    facts.add(new ClusterEvent.PreemptRequested(task.id(), task.attempt(), EndReason.NODE_DRAINED));
                // They leave already.
                case PREEMPTING, CANCELLING -> {}
                case QUEUED, BACKING_OFF, COMPLETED, FAILED, CANCELLED, REJECTED ->
                    throw new IllegalStateException("%s holds GPUs and is %s".formatted(task.id(), task.state()));
            }
        }
    }

    /** Says of each node that is drained that it is, once nothing is held there. */
    void sayWhoIsDrained(Facts facts) {
        for (NodeId nodeId : state.draining()) {
            Node node = state.node(nodeId);
            if (node != null && node.held().isEmpty()) {
                facts.add(new ClusterEvent.NodeDrained(nodeId));
            }
        }
    }
}
