package io.gpuctl.simulator.runtime;

import io.gpuctl.events.FaultInjection;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.logging.LogFields;
import io.gpuctl.simulator.cluster.FaultsFile;
import io.gpuctl.simulator.faults.Fault;
import io.gpuctl.simulator.faults.FaultLaw;
import io.gpuctl.simulator.faults.FaultPlan;
import io.gpuctl.simulator.faults.RepairTimes;
import io.gpuctl.simulator.host.Repairs;
import io.gpuctl.simulator.model.NodeModel;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out drawn and injected faults, and the {@link Repairs} of nodes. For the simulation's thread only.
 *
 * <p>Times are cluster time, ms; overdue faults and repairs happen late.
 */
final class NodeFaults {
    private static final Logger LOG = LoggerFactory.getLogger(NodeFaults.class);

    private final long sinceMs;
    private final FaultPlan plan;
    private final RepairTimes repairs;
    private final Actions actions;
    private final PriorityQueue<Repair> due = new PriorityQueue<>();
    private long planned;

    /** The actions that the simulation carries out. */
    interface Actions {
        /** Returns the node with this id; null if it is not a node of this process. */
        @Nullable
        HostedNode node(NodeId nodeId);

        void strike(HostedNode node, Fault fault, long nowMs);

        /** Starts the node; a node that is up goes down first. */
        void start(HostedNode node, long nowMs);

        void reconnect(HostedNode node, long nowMs);
    }

    /** {@code number}: repairs in the same millisecond happen in the order in which they were planned. */
    private record Repair(long atMs, long number, HostedNode node, Repairs.Plan plan) implements Comparable<Repair> {
        @Override
        public int compareTo(Repair other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /**
     * @param sinceMs time from which faults are drawn
     * @param nowMs drawn faults before this time are skipped
     */
    NodeFaults(
            FaultSettings settings,
            RepairTimes repairs,
            List<NodeInventory> nodes,
            long sinceMs,
            long nowMs,
            Actions actions) {
        this.sinceMs = sinceMs;
        plan = new FaultPlan(settings.laws(), nodes, settings.seed(), sinceMs);
        while (plan.nextAtMs() < nowMs) {
            plan.next();
        }
        this.repairs = repairs;
        this.actions = actions;
    }

    long sinceMs() {
        return sinceMs;
    }

    /** Returns the time of the next fault or repair; {@link NodeModel#NEVER} if there is none. */
    long nextAtMs() {
        Repair first = due.peek();
        return Math.min(plan.nextAtMs(), first == null ? NodeModel.NEVER : first.atMs);
    }

    /** Carries out the faults and repairs that are due. */
    void happen(long nowMs) {
        while (nextAtMs() <= nowMs) {
            Repair first = due.peek();
            if (first != null && first.atMs <= plan.nextAtMs()) {
                due.remove();
                repair(first.node, first.plan);
            } else {
                strike(plan.next(), nowMs);
            }
        }
    }

    /** Carries out a fault that a user has injected. */
    void inject(FaultInjection injection, long nowMs) {
        HostedNode node = actions.node(injection.nodeId());
        if (node == null) {
            return; // The node belongs to another simulator.
        }
        if (injection.gpu() >= node.inventory().gpuCount()) {
            try (var _ = LogFields.of(injection.nodeId())) {
                LOG.warn("Node {} has no GPU {}: ignored the injected fault", injection.nodeId(), injection.gpu());
            }
            return;
        }
        long repairMs = injection.durationMs() > 0
                ? injection.durationMs()
                : repairs.drawMs(node.inventory(), injection.kind(), injection.xid());
        strike(
                new Fault(
                        nowMs,
                        injection.nodeId(),
                        injection.kind(),
                        injection.xid(),
                        injection.gpu(),
                        repairMs,
                        factor(injection)),
                nowMs);
    }

    /** Returns the factor of the injection, or the middle of the published range. */
    private static double factor(FaultInjection injection) {
        if (injection.factor() > 0) {
            return injection.factor();
        }
        return FaultsFile.realistic()
                .law(injection.kind(), injection.xid(), "")
                .map(NodeFaults::middle)
                .orElse(1.0);
    }

    private static double middle(FaultLaw law) {
        return (law.factorMin() + law.factorMax()) / 2;
    }

    private void strike(Fault fault, long nowMs) {
        HostedNode node = actions.node(fault.nodeId());
        if (node == null || !node.isUp()) {
            return; // The node is already down.
        }
        switch (fault.kind()) {
            case NODE_CRASH -> say(node, "crashes, and is back in %d ms".formatted(fault.repairMs()));
            case PARTITION -> {
                if (node.life().isCutOff()) {
                    return;
                }
                say(node, "is cut off for %d ms".formatted(fault.repairMs()));
            }
            case XID, THERMAL_SHUTDOWN, STRAGGLER, ECC_SINGLE_BIT -> {}
        }
        actions.strike(node, fault, nowMs);
        plan(node, node.repairs().after(fault, nowMs));
    }

    /** Plans the end of the node's outage; the plan is void if the node is back earlier. */
    void planEndOfOutage(HostedNode node, long atMs) {
        plan(node, node.repairs().endOutageAt(atMs));
    }

    /** Plans the restart that a repair of the node needs, if any. Call this when the node has changed. */
    void planRestart(HostedNode node) {
        plan(node, node.repairs().restart());
    }

    private void plan(HostedNode node, Repairs.@Nullable Plan plan) {
        if (plan != null) {
            due.add(new Repair(plan.atMs(), planned++, node, plan));
        }
    }

    private void repair(HostedNode node, Repairs.Plan plan) {
        if (!node.repairs().isValid(plan)) {
            return;
        }
        switch (plan.kind()) {
            case RESTART -> {
                if (node.isUp()) {
                    say(node, "restarts after its repair");
                }
                actions.start(node, plan.atMs());
            }
            case RECONNECT -> actions.reconnect(node, plan.atMs());
        }
    }

    private static void say(HostedNode node, String what) {
        NodeId nodeId = node.inventory().nodeId();
        try (var _ = LogFields.of(nodeId)) {
            LOG.info("{} {}", nodeId, what);
        }
    }
}
