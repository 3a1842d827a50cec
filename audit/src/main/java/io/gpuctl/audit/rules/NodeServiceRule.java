package io.gpuctl.audit.rules;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;
import io.gpuctl.orchestrator.core.ClockShift;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * No task is placed on a cordoned node or on a GPU that is out of service; tasks are evicted only from nodes that are
 * being drained; and each time a node or a GPU leaves or returns to service, the log has a reason. The rule follows the
 * facts, without the orchestrator's own state.
 */
final class NodeServiceRule implements Rule {
    private static final class Book {
        ClusterEvent.@Nullable NodeCordoned cordon;
        final Set<Integer> gpusOut = new TreeSet<>();
    }

    private final Violations violations;
    private final Map<NodeId, Book> nodes = new TreeMap<>();

    NodeServiceRule(Violations violations) {
        this.violations = violations;
    }

    @Override
    public String name() {
        return "node-service";
    }

    @Override
    public void beforeFact(FactStep step) {
        switch (step.fact().event()) {
            case ClusterEvent.TaskPlaced placed ->
                placed.allocations().forEach(allocation -> checkPlace(step, allocation));
            case ClusterEvent.PreemptRequested preempt -> checkEviction(step, preempt);
            case ClusterEvent.OfNode event -> follow(step, event);
            case ClusterEvent.OfTask _ -> {}
            case ClusterEvent.ClockSetBack event -> shift(step, event);
            case ClusterEvent.OfPool _ -> {}
        }
    }

    /** Adjusts the automatic end of each cordon to the new time of the pool. */
    private void shift(FactStep step, ClusterEvent.ClockSetBack event) {
        ClockShift shift = new ClockShift(event.fromMs(), step.fact().atMs());
        for (Book node : nodes.values()) {
            ClusterEvent.NodeCordoned cordon = node.cordon;
            if (cordon != null) {
                node.cordon = new ClusterEvent.NodeCordoned(
                        cordon.nodeId(), cordon.cause(), cordon.drain(), cordon.detail(), shift.of(cordon.untilMs()));
            }
        }
    }

    private void checkPlace(FactStep step, Allocation allocation) {
        Book node = of(allocation.nodeId());
        if (node.cordon != null) {
            add(step, "node %s is cordoned: %s".formatted(allocation.nodeId(), node.cordon));
        }
        for (int gpu : allocation.gpus()) {
            if (node.gpusOut.contains(gpu)) {
                add(step, "GPU %d of node %s is out of service".formatted(gpu, allocation.nodeId()));
            }
        }
    }

    private void checkEviction(FactStep step, ClusterEvent.PreemptRequested preempt) {
        TaskRecord task = step.pool().state().task(preempt.taskId());
        if (preempt.reason() != EndReason.NODE_DRAINED || task == null) {
            return;
        }
        boolean leavesOne = task.allocations().stream().anyMatch(allocation -> {
            ClusterEvent.NodeCordoned cordon = of(allocation.nodeId()).cordon;
            return cordon != null && cordon.drain();
        });
        if (!leavesOne) {
            add(step, "none of the nodes of the task is drained: %s".formatted(preempt));
        }
    }

    private void follow(FactStep step, ClusterEvent.OfNode event) {
        Book node = of(event.nodeId());
        switch (event) {
            case ClusterEvent.NodeRegistered e -> node.gpusOut.clear();
            case ClusterEvent.GpuTakenOut e -> {
                node.gpusOut.add(e.gpu());
                requireCause(
                        step,
                        cause -> cause instanceof NodeEvent.Faulted said
                                && said.nodeId().equals(e.nodeId())
                                && said.gpu() == e.gpu());
            }
            case ClusterEvent.GpuReturned e -> {
                node.gpusOut.remove(e.gpu());
                requireCause(
                        step,
                        cause -> cause instanceof NodeEvent.GpuRestored said
                                && said.nodeId().equals(e.nodeId())
                                && said.gpu() == e.gpu());
            }
            case ClusterEvent.NodeCordoned e -> {
                ClusterEvent.NodeCordoned before = node.cordon;
                node.cordon = e;
                requireCause(step, cause -> mayCordon(cause, e, before));
            }
            case ClusterEvent.NodeUncordoned e -> {
                ClusterEvent.NodeCordoned before = node.cordon;
                node.cordon = null;
                checkUncordoned(step, e, before);
            }
            case ClusterEvent.NodeSlow e -> requireCause(step, cause -> isPaceOf(cause, e.nodeId(), e.paceMilli()));
            case ClusterEvent.NodeDrained _, ClusterEvent.NodeOnPace _ -> {}
            case ClusterEvent.NodeConditionChanged _,
                    ClusterEvent.NodeSuspected _,
                    ClusterEvent.NodeRecovered _,
                    ClusterEvent.NodeLost _,
                    ClusterEvent.NodeFaulted _,
                    ClusterEvent.NodeShutDown _,
                    ClusterEvent.StrayStopped _,
                    ClusterEvent.AllocationReleased _ -> {}
        }
    }

    private static boolean mayCordon(
            Object cause, ClusterEvent.NodeCordoned event, ClusterEvent.@Nullable NodeCordoned before) {
        NodeId nodeId = event.nodeId();
        boolean isFault =
                cause instanceof NodeEvent.Faulted said && said.nodeId().equals(nodeId);
        return switch (event.cause()) {
            // A fault may drain a node that an operator has cordoned, but the cordon stays the operator's.
            case OPERATOR ->
                isAskedFor(cause, event)
                        || (isFault && before != null && before.cause() == CordonCause.OPERATOR && event.drain());
            case FAULT ->
                isFault
                        || (cause instanceof NodeEvent.Registered said
                                && said.nodeId().equals(nodeId)
                                && said.afterCrash());
            case STRAGGLER ->
                cause instanceof TaskReport.Progressed said
                        && said.source().nodeId().equals(nodeId);
        };
    }

    private static boolean isAskedFor(Object cause, ClusterEvent.NodeCordoned event) {
        return (cause instanceof TaskCommand.CordonNode cordon
                        && cordon.nodeId().equals(event.nodeId()))
                || (cause instanceof TaskCommand.DrainNode drain
                        && drain.nodeId().equals(event.nodeId())
                        && event.drain());
    }

    /**
     * Checks that an operator uncordoned the node, or that the cordon of a slow node was due to end, or that a broken
     * node restarted.
     */
    private void checkUncordoned(
            FactStep step, ClusterEvent.NodeUncordoned event, ClusterEvent.@Nullable NodeCordoned before) {
        if (before == null) {
            return; // Not legal; the rule of legal steps reports it.
        }
        if (!step.fact().cause().equals(Cause.TIMER)) {
            requireCause(
                    step,
                    cause -> (cause instanceof TaskCommand.UncordonNode asked
                                    && asked.nodeId().equals(event.nodeId()))
                            || (cause instanceof NodeEvent.Registered said
                                    && said.nodeId().equals(event.nodeId())
                                    && before.cause() == CordonCause.FAULT));
        } else if (before.untilMs() == 0 || step.fact().atMs() < before.untilMs()) {
            add(step, "the cordon has not ended: %s".formatted(before));
        }
    }

    private static boolean isPaceOf(Object cause, NodeId nodeId, int paceMilli) {
        return cause instanceof TaskReport.Progressed said
                && said.source().nodeId().equals(nodeId)
                && said.paceMilli() == paceMilli;
    }

    /** Requires a cause that is a reason for the fact. A cause that is no longer retained is not checked. */
    private void requireCause(FactStep step, Predicate<Object> isReason) {
        boolean isTimer = step.fact().cause().equals(Cause.TIMER);
        Entry<?> entry = step.cause();
        Object cause = entry == null ? null : entry.value();
        if (isTimer || (cause != null && !isReason.test(cause))) {
            add(
                    step,
                    "its cause %s cannot lead to %s"
                            .formatted(step.fact().cause(), step.fact().event()));
        }
    }

    private Book of(NodeId nodeId) {
        return nodes.computeIfAbsent(nodeId, id -> new Book());
    }

    private void add(FactStep step, String text) {
        violations.add(
                name(),
                step.place(),
                "Fact %d of pool %s: %s"
                        .formatted(step.fact().sequence(), step.fact().pool(), text));
    }
}
