package io.gpuctl.experiments.engine;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.simulator.host.Repairs;

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

    /** The node has just fallen silent, and will be back as planned. */
    void fellSilent(VirtualNode node, Repairs.Plan back) {
        long silentMs = back.atMs() - loop.nowMs();
        missAfter(node, back.outage(), Math.min(silentMs, settings.suspectAfterMs()));
        if (silentMs > settings.suspectAfterMs()) {
            missAfter(node, back.outage(), Math.min(silentMs, settings.lostAfterMs()));
        }
        Runnable repair = () -> repair(node, back);
        if (silentMs > settings.lostAfterMs()) {
            // Given up by then: what ran there runs elsewhere.
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

    /** Plans the restart that something broken on the node needs; to be called when the node has changed. */
    void planRestart(VirtualNode node) {
        Repairs.Plan restart = node.repairs().restart();
        if (restart != null) {
            loop.inBackgroundAt(Math.max(loop.nowMs(), restart.atMs()), () -> repair(node, restart));
        }
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
