package io.gpuctl.audit.rules;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * No GPU and no node is allocated beyond its capacity, and a gang is placed as a whole. The rule counts from the facts,
 * without the orchestrator's own state: it keeps a list of allocations for each node, and adds the list up at each
 * placement.
 */
final class CapacityRule implements Rule {
    private static final class NodeBook {
        final NodeInventory inventory;
        final Map<AttemptId, Allocation> held = new LinkedHashMap<>();
        /** Attempts of gangs that the node no longer runs; they hold their allocations until the whole gang is over. */
        final Set<AttemptId> over = new LinkedHashSet<>();

        boolean isLost;

        NodeBook(NodeInventory inventory) {
            this.inventory = inventory;
        }
    }

    private final Violations violations;
    private final Map<NodeId, NodeBook> nodes = new TreeMap<>();
    /** The newest placement of each task that holds something. */
    private final Map<TaskId, ClusterEvent.TaskPlaced> placements = new LinkedHashMap<>();

    CapacityRule(Violations violations) {
        this.violations = violations;
    }

    @Override
    public String name() {
        return "capacity";
    }

    @Override
    public void beforeFact(FactStep step) {
        switch (step.fact().event()) {
            case ClusterEvent.OfTask event -> onTask(step, event);
            case ClusterEvent.OfNode event -> onNode(event);
            case ClusterEvent.OfPool _ -> {}
        }
    }

    private void onTask(FactStep step, ClusterEvent.OfTask event) {
        switch (event) {
            case ClusterEvent.TaskPlaced e -> place(step, e);
            case ClusterEvent.TaskCompleted e -> end(e.taskId(), true);
            case ClusterEvent.TaskRequeued e -> end(e.taskId(), e.reason() != EndReason.NODE_LOST);
            case ClusterEvent.TaskFailed e -> end(e.taskId(), e.reason() != EndReason.NODE_LOST);
            case ClusterEvent.TaskCancelled e -> {
                ClusterEvent.TaskPlaced placed = placements.remove(e.taskId());
                release(placed, placed != null && isGang(placed));
            }
            case ClusterEvent.MemberEnded e -> {
                NodeBook node = nodes.get(e.nodeId());
                if (node != null) {
                    node.over.add(new AttemptId(e.taskId(), e.attempt()));
                }
            }
            case ClusterEvent.MemberStarted _, ClusterEvent.MemberCheckpointed _ -> {}
            case ClusterEvent.TaskSubmitted e -> {}
            case ClusterEvent.TaskRejected e -> {}
            case ClusterEvent.PendingReasonChanged e -> {}
            case ClusterEvent.TaskStarted e -> {}
            case ClusterEvent.TaskCheckpointed e -> {}
            case ClusterEvent.RetryDue e -> {}
            case ClusterEvent.PreemptRequested e -> {}
            case ClusterEvent.CancelRequested e -> {}
        }
    }

    private void onNode(ClusterEvent.OfNode event) {
        if (event instanceof ClusterEvent.NodeRegistered registered) {
            nodes.put(event.nodeId(), new NodeBook(registered.inventory()));
            return;
        }
        NodeBook node = nodes.get(event.nodeId());
        if (node == null) {
            return; // Not legal; the rule of legal steps reports it.
        }
        switch (event) {
            case ClusterEvent.NodeLost _ -> node.isLost = true;
            case ClusterEvent.NodeRecovered _ -> node.isLost = false;
            case ClusterEvent.NodeShutDown _ -> {
                node.held.clear();
                node.over.clear();
                node.isLost = false;
            }
            case ClusterEvent.AllocationReleased released -> node.held.remove(released.attempt());
            case ClusterEvent.OfUpkeep _ -> {}
            case ClusterEvent.NodeRegistered _,
                    ClusterEvent.NodeConditionChanged _,
                    ClusterEvent.NodeSuspected _,
                    ClusterEvent.NodeFaulted _,
                    ClusterEvent.StrayStopped _ -> {}
        }
    }

    private void place(FactStep step, ClusterEvent.TaskPlaced placed) {
        AttemptId attempt = new AttemptId(placed.taskId(), placed.attempt());
        for (Allocation allocation : placed.allocations()) {
            NodeBook node = nodes.get(allocation.nodeId());
            if (node == null) {
                add(step, "node %s is not registered".formatted(allocation.nodeId()));
                continue;
            }
            node.held.put(attempt, allocation);
            String excess = excess(node, allocation);
            if (excess != null) {
                add(step, "%s, with %s".formatted(excess, attempt));
            }
        }
        TaskRecord task = step.pool().state().task(placed.taskId());
        if (task != null && !isWhole(placed, task.spec())) {
            add(step, "%s got %s, but asked for %s".formatted(attempt, placed.allocations(), task.spec()));
        }
        // Placing a task twice is not legal. Release its first allocations: no later fact will.
        release(placements.put(placed.taskId(), placed), true);
    }

    /** Returns what is allocated beyond the capacity; null if nothing is. */
    private static @Nullable String excess(NodeBook node, Allocation newest) {
        NodeInventory has = node.inventory;
        Set<Integer> distinct = new LinkedHashSet<>(newest.gpus());
        if (distinct.size() < newest.gpus().size()) {
            return "One allocation has the same GPU of node %s twice".formatted(has.nodeId());
        }
        for (int gpu : distinct) {
            if (gpu < 0 || gpu >= has.gpuCount()) {
                return "Node %s has no GPU %d".formatted(has.nodeId(), gpu);
            }
            long milli = 0;
            long memoryMib = 0;
            for (Allocation allocation : node.held.values()) {
                if (allocation.gpus().contains(gpu)) {
                    milli += allocation.gpuMilli();
                    memoryMib += allocation.gpuMemoryMib();
                }
            }
            if (milli > GpuRequest.WHOLE || memoryMib > has.gpuMemoryMib()) {
                return "GPU %d of node %s has %d milli and %d MiB allocated, of %d and %d"
                        .formatted(gpu, has.nodeId(), milli, memoryMib, GpuRequest.WHOLE, has.gpuMemoryMib());
            }
        }
        long cpuMilli =
                node.held.values().stream().mapToLong(Allocation::cpuMilli).sum();
        long memoryMib =
                node.held.values().stream().mapToLong(Allocation::memoryMib).sum();
        return cpuMilli <= has.cpuMilli() && memoryMib <= has.memoryMib()
                ? null
                : "Node %s has %d CPU milli and %d MiB allocated, of %d and %d"
                        .formatted(has.nodeId(), cpuMilli, memoryMib, has.cpuMilli(), has.memoryMib());
    }

    private static boolean isWhole(ClusterEvent.TaskPlaced placed, TaskSpec task) {
        int gpus = 0;
        for (Allocation allocation : placed.allocations()) {
            gpus += allocation.gpus().size();
            if (allocation.gpuMilli() != task.gpus().milli()
                    || allocation.gpuMemoryMib() < task.gpus().memoryMib()) {
                return false;
            }
        }
        return gpus == task.gpus().count() && placed.allocations().size() <= task.maxNodes();
    }

    private void end(TaskId taskId, boolean isReleased) {
        ClusterEvent.TaskPlaced placed = placements.remove(taskId);
        if (isReleased || (placed != null && isGang(placed))) {
            release(placed, true);
        }
    }

    private static boolean isGang(ClusterEvent.TaskPlaced placed) {
        return placed.allocations().size() > 1;
    }

    private void release(ClusterEvent.@Nullable TaskPlaced placed, boolean alsoOnLostNodes) {
        if (placed == null) {
            return;
        }
        AttemptId attempt = new AttemptId(placed.taskId(), placed.attempt());
        for (Allocation allocation : placed.allocations()) {
            NodeBook node = nodes.get(allocation.nodeId());
            boolean released =
                    node != null && (isGang(placed) ? node.over.contains(attempt) : alsoOnLostNodes || !node.isLost);
            if (node != null && released) {
                node.held.remove(attempt);
                node.over.remove(attempt);
            }
        }
    }

    private void add(FactStep step, String text) {
        violations.add(
                name(),
                step.place(),
                "Fact %d of pool %s: %s"
                        .formatted(step.fact().sequence(), step.fact().pool(), text));
    }
}
