package io.gpuctl.experiments.engine;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.simulator.faults.Fault;
import io.gpuctl.simulator.model.NodeModel;
import java.util.function.Consumer;

/**
 * What goes on around nodes that break: that the scheduler misses those that fall silent, that somebody repairs them, and that an
 * operator looks after those that are cordoned for good.
 *
 * <p>Nobody waits for a repair but who needs the node: once all tasks have ended, so has the run.
 */
final class Outages {
    /** An operator looks after a node that stays cordoned so long after it could work again; an estimate. */
    private static final long OPERATOR_MS = 4 * 3_600_000L;

    private final EventLoop loop;
    private final PoolSettings settings;
    private final Actions actions;

    /** What comes of it, done by the cluster now. */
    interface Actions {
        void miss(NodeId nodeId, long silentMs);

        void start(VirtualNode node);

        void reconnect(VirtualNode node);

        /** If it is cordoned by the scheduler, and not by an operator. */
        void uncordon(NodeId nodeId);
    }

    Outages(EventLoop loop, PoolSettings settings, Actions actions) {
        this.loop = loop;
        this.settings = settings;
        this.actions = actions;
    }

    /** The node has just died. */
    void crashed(VirtualNode node, Fault fault) {
        fallSilent(node, Math.max(1, fault.repairMs()), actions::start);
    }

    /** The node has just been cut off. */
    void cutOff(VirtualNode node, Fault fault) {
        fallSilent(node, Math.max(1, fault.repairMs()), actions::reconnect);
    }

    private void fallSilent(VirtualNode node, long forMs, Consumer<VirtualNode> end) {
        long outage = node.beginOutage();
        long nowMs = loop.nowMs();
        NodeId nodeId = node.inventory().nodeId();
        missAfter(node, outage, nodeId, Math.min(forMs, settings.suspectAfterMs()));
        if (forMs > settings.suspectAfterMs()) {
            missAfter(node, outage, nodeId, Math.min(forMs, settings.lostAfterMs()));
        }
        Runnable repair = () -> {
            if (node.isInOutage(outage)) {
                end.accept(node);
            }
        };
        if (forMs > settings.lostAfterMs()) {
            // Given up by then: what ran there runs elsewhere.
            loop.inBackgroundAt(nowMs + forMs, repair);
        } else {
            loop.at(nowMs + forMs, repair);
        }
    }

    private void missAfter(VirtualNode node, long outage, NodeId nodeId, long silentMs) {
        if (silentMs < settings.suspectAfterMs()) {
            return;
        }
        loop.at(loop.nowMs() + silentMs, () -> {
            if (node.isInOutage(outage) && node.isSilent()) {
                actions.miss(nodeId, silentMs);
            }
        });
    }

    /** Something broke that is repaired by a new start of the node. One that cannot be reached is started once it can. */
    void planRestart(VirtualNode node, NodeModel model) {
        long restartMs = model.restartMs();
        if (restartMs == NodeModel.NEVER || restartMs == node.restartAtMs) {
            return;
        }
        node.restartAtMs = restartMs;
        loop.inBackgroundAt(Math.max(loop.nowMs(), restartMs), () -> {
            if (node.model() != model || node.restartAtMs != restartMs) {
                return;
            }
            if (node.isCutOff()) {
                node.restartAtMs = NodeModel.NEVER;
            } else {
                actions.start(node);
            }
        });
    }

    /** An operator reads what was decided. */
    void read(Decision decision) {
        for (Fact fact : decision.facts()) {
            switch (fact.event()) {
                case ClusterEvent.NodeCordoned e
                when e.cause() == CordonCause.STRAGGLER && e.untilMs() == 0 -> lookLater(e.nodeId());
                // Nothing on the node needs a new start, so it does not come back by one.
                case ClusterEvent.NodeCordoned e
                when e.cause() == CordonCause.FAULT && !e.drain() -> lookLater(e.nodeId());
                case ClusterEvent.NodeRegistered e -> lookLater(e.inventory().nodeId());
                default -> {} // Of the dozens of kinds, only these have a node stay cordoned.
            }
        }
    }

    private void lookLater(NodeId nodeId) {
        loop.inBackgroundAt(loop.nowMs() + OPERATOR_MS, () -> actions.uncordon(nodeId));
    }
}
