package io.gpuctl.experiments.engine;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.simulator.host.Repairs;

/**
 * Follows up on nodes that break: the scheduler misses silent nodes, repairs bring nodes back, and an operator
 * uncordons nodes that are cordoned without an end.
 *
 * <p>Only tasks that need the node wait for a repair: once all tasks have ended, the run ends.
 */
final class Outages {
    /**
     * The time after a node's cordon or registration at which an operator looks after the node, if it is still
     * cordoned; an estimate.
     */
    private static final long OPERATOR_MS = 4 * 3_600_000L;

    private final EventLoop loop;
    private final PoolSettings settings;
    private final Actions actions;

    /** Actions that the cluster carries out at once. */
    interface Actions {
        void miss(NodeId nodeId, long silentMs);

        void start(VirtualNode node);

        void reconnect(VirtualNode node);

        /** Uncordons the node if the scheduler cordoned it, and not an operator. */
        void uncordon(NodeId nodeId);
    }

    Outages(EventLoop loop, PoolSettings settings, Actions actions) {
        this.loop = loop;
        this.settings = settings;
        this.actions = actions;
    }

    /** Plans what follows when a node has just fallen silent. The node will be back as planned. */
    void fellSilent(VirtualNode node, Repairs.Plan back) {
        long silentMs = back.atMs() - loop.nowMs();
        missAfter(node, back.outage(), Math.min(silentMs, settings.suspectAfterMs()));
        if (silentMs > settings.suspectAfterMs()) {
            missAfter(node, back.outage(), Math.min(silentMs, settings.lostAfterMs()));
        }
        Runnable repair = () -> repair(node, back);
        if (silentMs > settings.lostAfterMs()) {
            // By then the scheduler has given the node up, and its tasks run elsewhere.
            loop.inBackgroundAt(back.atMs(), repair);
        } else {
            loop.at(back.atMs(), repair);
        }
    }

    private void repair(VirtualNode node, Repairs.Plan plan) {
        if (!node.repairs().isValid(plan)) {
            return;
        }
        switch (plan.kind()) {
            case RESTART -> actions.start(node);
            case RECONNECT -> actions.reconnect(node);
        }
    }

    private void missAfter(VirtualNode node, long outage, long silentMs) {
        if (silentMs < settings.suspectAfterMs()) {
            return;
        }
        loop.at(loop.nowMs() + silentMs, () -> {
            if (node.life().outage() == outage && node.life().isSilent()) {
                actions.miss(node.life().inventory().nodeId(), silentMs);
            }
        });
    }

    /** Plans the restart that a fault on the node requires; call when the node has changed. */
    void planRestart(VirtualNode node) {
        Repairs.Plan restart = node.repairs().restart();
        if (restart != null) {
            loop.inBackgroundAt(Math.max(loop.nowMs(), restart.atMs()), () -> repair(node, restart));
        }
    }

    /** Lets an operator react to a decision. */
    void read(Decision decision) {
        for (Fact fact : decision.facts()) {
            switch (fact.event()) {
                case ClusterEvent.NodeCordoned e
                when e.cause() == CordonCause.STRAGGLER && e.untilMs() == 0 -> lookLater(e.nodeId());
                // Nothing on the node needs a restart, so no restart brings it back.
                case ClusterEvent.NodeCordoned e
                when e.cause() == CordonCause.FAULT && !e.drain() -> lookLater(e.nodeId());
                case ClusterEvent.NodeRegistered e -> lookLater(e.inventory().nodeId());
                default -> {} // Of dozens of kinds, only these can leave a node cordoned.
            }
        }
    }

    private void lookLater(NodeId nodeId) {
        loop.inBackgroundAt(loop.nowMs() + OPERATOR_MS, () -> actions.uncordon(nodeId));
    }
}
