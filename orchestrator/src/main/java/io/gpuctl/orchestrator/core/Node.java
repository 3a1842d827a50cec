package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.AttemptMap;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.HealthSettings;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A node as the orchestrator knows it. Mutable; only {@link PoolState} changes it, and policies read it.
 *
 * <p>What an attempt holds stays held until the node is known not to run the attempt. When a node is lost, its attempts
 * end for their tasks, but no other task gets their GPUs until the node reports that the attempts have ended. A GPU
 * that is out of service has nothing free, whatever is held on it.
 */
public final class Node {
    private NodeInventory inventory;
    private long incarnation;
    private NodeState state;
    private @Nullable NodeCondition condition;
    private Upkeep upkeep = Upkeep.NONE;
    /** One bit for each GPU that is out of service. */
    private long outBits;

    private final Map<AttemptId, Allocation> held;
    private int[] freeMilli;
    private long[] freeGpuMemoryMib;
    private long freeCpuMilli;
    private long freeMemoryMib;
    private @Nullable Nodes nodes;
    private int position;
    private long changedAt;

    Node(NodeInventory inventory, long incarnation) {
        this(inventory, incarnation, new AttemptMap<>());
    }

    /** Returns a node for plans, which holds attempts in no order. */
    static Node sketched(NodeInventory inventory, long incarnation) {
        return new Node(inventory, incarnation, new LinkedHashMap<>());
    }

    private Node(NodeInventory inventory, long incarnation, Map<AttemptId, Allocation> held) {
        this.held = held;
        this.inventory = inventory;
        this.incarnation = incarnation;
        state = NodeState.UP;
        freeMilli = new int[inventory.gpuCount()];
        freeGpuMemoryMib = new long[inventory.gpuCount()];
        free();
    }

    static Node restore(NodeSnapshot snapshot) {
        Node node = new Node(snapshot.inventory(), snapshot.incarnation());
        node.state = snapshot.state();
        node.condition = snapshot.condition();
        node.setUpkeep(snapshot.upkeep());
        snapshot.unreleased().forEach(hold -> node.restore(hold.attempt(), hold.allocation()));
        return node;
    }

    /** Restores a stored hold, even beyond the capacity: {@link Invariants} finds violations. */
    void restore(AttemptId attempt, Allocation allocation) {
        boolean hasThem = allocation.gpus().stream().allMatch(gpu -> gpu >= 0 && gpu < gpuCount());
        if (hasThem && held.putIfAbsent(attempt, allocation) == null) {
            account(allocation, -1);
            changed();
        }
    }

    /** Makes the node a part of a pool. */
    void join(Nodes newNodes, int newPosition) {
        nodes = newNodes;
        position = newPosition;
        changed();
    }

    private void changed() {
        if (nodes != null) {
            changedAt = nodes.note(position);
        }
    }

    /** Restarts the node: nothing runs on it. */
    void restart(NodeInventory newInventory, long newIncarnation) {
        inventory = newInventory;
        incarnation = newIncarnation;
        state = NodeState.UP;
        condition = null;
        setUpkeep(upkeep.restarted());
        held.clear();
        freeMilli = new int[newInventory.gpuCount()];
        freeGpuMemoryMib = new long[newInventory.gpuCount()];
        free();
        if (nodes != null) {
            nodes.inventoryChanged();
        }
    }

    /** Releases everything. */
    void clear() {
        held.clear();
        free();
    }

    private void free() {
        Arrays.fill(freeMilli, GpuRequest.WHOLE);
        Arrays.fill(freeGpuMemoryMib, inventory.gpuMemoryMib());
        freeCpuMilli = inventory.cpuMilli();
        freeMemoryMib = inventory.memoryMib();
        changed();
    }

    /** Holds the allocation. Throws {@link IllegalStateException} if the node does not have as much free. */
    void hold(AttemptId attempt, Allocation allocation) {
        if (held.putIfAbsent(attempt, allocation) != null) {
            throw new IllegalStateException("Node %s already holds %s".formatted(id(), attempt));
        }
        account(allocation, -1);
        requireWithinCapacity(attempt, allocation);
    }

    /**
     * Returns whether the whole allocation is free. Ignores that a GPU is out of service, because the allocation is
     * already there.
     */
    boolean hasRoomFor(Allocation allocation) {
        for (int gpu : allocation.gpus()) {
            if (freeMilli[gpu] < allocation.gpuMilli() || freeGpuMemoryMib[gpu] < allocation.gpuMemoryMib()) {
                return false;
            }
        }
        return !isFull() && freeCpuMilli >= allocation.cpuMilli() && freeMemoryMib >= allocation.memoryMib();
    }

    /** Holds the allocation whether it is free or not: the free amounts may become negative. For plans only. */
    void overbook(AttemptId attempt, Allocation allocation) {
        held.put(attempt, allocation);
        account(allocation, -1);
    }

    /** Copies the state of another node with the same id. */
    void mirror(Node other) {
        if (nodes != null && !inventory.equals(other.inventory)) {
            nodes.inventoryChanged();
        }
        inventory = other.inventory;
        incarnation = other.incarnation;
        state = other.state;
        condition = other.condition;
        upkeep = other.upkeep;
        outBits = other.outBits;
        held.clear();
        held.putAll(other.held);
        if (freeMilli.length != other.freeMilli.length) {
            freeMilli = new int[other.freeMilli.length];
            freeGpuMemoryMib = new long[other.freeMilli.length];
        }
        System.arraycopy(other.freeMilli, 0, freeMilli, 0, freeMilli.length);
        System.arraycopy(other.freeGpuMemoryMib, 0, freeGpuMemoryMib, 0, freeMilli.length);
        freeCpuMilli = other.freeCpuMilli;
        freeMemoryMib = other.freeMemoryMib;
        changed();
    }

    /** Releases and returns what the attempt held; null if it held nothing. */
    @Nullable
    Allocation release(AttemptId attempt) {
        Allocation allocation = held.remove(attempt);
        if (allocation != null) {
            account(allocation, 1);
        }
        return allocation;
    }

    private void account(Allocation allocation, int sign) {
        for (int gpu : allocation.gpus()) {
            freeMilli[gpu] += sign * allocation.gpuMilli();
            freeGpuMemoryMib[gpu] += sign * allocation.gpuMemoryMib();
        }
        freeCpuMilli += sign * allocation.cpuMilli();
        freeMemoryMib += sign * allocation.memoryMib();
        changed();
    }

    private void requireWithinCapacity(AttemptId attempt, Allocation allocation) {
        for (int gpu : allocation.gpus()) {
            if (freeMilli[gpu] < 0 || freeGpuMemoryMib[gpu] < 0) {
                throw new IllegalStateException(
                        "GPU %d of node %s is over its capacity with %s".formatted(gpu, id(), attempt));
            }
        }
        if (freeCpuMilli < 0 || freeMemoryMib < 0) {
            throw new IllegalStateException(
                    "Node %s is over its CPU or memory capacity with %s".formatted(id(), attempt));
        }
    }

    void setState(NodeState state) {
        this.state = state;
        changed();
    }

    void setCondition(NodeCondition condition) {
        this.condition = condition;
        changed();
    }

    /** Applies an event about the node's {@link Upkeep}, such as a cordon. */
    void change(ClusterEvent.OfUpkeep event, long atMs, HealthSettings settings) {
        setUpkeep(
                switch (event) {
                    case ClusterEvent.GpuTakenOut e -> upkeep.gpuTakenOut(requireGpu(e.gpu()));
                    case ClusterEvent.GpuReturned e -> upkeep.gpuReturned(e.gpu());
                    case ClusterEvent.NodeCordoned e -> upkeep.cordoned(e, atMs, settings);
                    case ClusterEvent.NodeUncordoned e -> upkeep.uncordoned(settings);
                    case ClusterEvent.NodeDrained e -> upkeep.drained();
                    case ClusterEvent.NodeSlow e -> upkeep.slow();
                    case ClusterEvent.NodeOnPace e -> upkeep.onPace();
                });
        changed();
    }

    /** Adjusts the node's times after the pool's time was set back. Returns whether anything changed. */
    boolean shift(ClockShift shift) {
        Upkeep shifted = upkeep.shifted(shift);
        if (shifted.equals(upkeep)) {
            return false;
        }
        setUpkeep(shifted);
        changed();
        return true;
    }

    private int requireGpu(int gpu) {
        if (gpu >= gpuCount()) {
            throw new IllegalStateException("Node %s has %d GPUs, and no GPU %d".formatted(id(), gpuCount(), gpu));
        }
        return gpu;
    }

    private void setUpkeep(Upkeep newUpkeep) {
        upkeep = newUpkeep;
        outBits = 0;
        for (int gpu : newUpkeep.gpusOut()) {
            outBits |= 1L << gpu;
        }
    }

    /** Returns a snapshot; {@code isOver} tells whether the task of an attempt no longer holds anything for it. */
    NodeSnapshot snapshot(Predicate<AttemptId> isOver) {
        List<NodeSnapshot.Hold> unreleased = new ArrayList<>();
        held.forEach((attempt, allocation) -> {
            if (isOver.test(attempt)) {
                unreleased.add(new NodeSnapshot.Hold(attempt, allocation));
            }
        });
        return new NodeSnapshot(inventory, incarnation, state, condition, unreleased, upkeep);
    }

    /** Returns the node's number in the pool, from 0, in the order of registration. It never changes. */
    public int position() {
        return position;
    }

    /** Returns the number of the node's newest change; see {@link Nodes#changes()}. */
    public long changedAt() {
        return changedAt;
    }

    public NodeId id() {
        return inventory.nodeId();
    }

    public NodeInventory inventory() {
        return inventory;
    }

    public long incarnation() {
        return incarnation;
    }

    public NodeState state() {
        return state;
    }

    /** Returns the node's condition; null until its first telemetry has been smoothed. */
    public @Nullable NodeCondition condition() {
        return condition;
    }

    public Upkeep upkeep() {
        return upkeep;
    }

    /** Returns whether the node holds as many attempts as a node may. */
    boolean isFull() {
        return held.size() >= NodeInventory.MAX_ATTEMPTS;
    }

    public boolean isCordoned() {
        return upkeep.cordon() != null;
    }

    public NodeHealth health() {
        Cordon cordon = upkeep.cordon();
        return NodeHealth.of(
                state, cordon != null, cordon != null && cordon.drain(), outBits != 0 || upkeep.slowReports() > 0);
    }

    /** Returns whether the GPU is out of service. */
    public boolean isOut(int gpu) {
        return (outBits >>> gpu & 1) != 0;
    }

    /**
     * Returns what each attempt holds, including attempts that are over and not yet released; in the order of their
     * ids, except on a node of a plan.
     */
    public Map<AttemptId, Allocation> held() {
        return Collections.unmodifiableMap(held);
    }

    public int gpuCount() {
        return freeMilli.length;
    }

    /** Returns the free thousandths of a GPU; 0 if the GPU is out of service. */
    public int freeMilli(int gpu) {
        return isOut(gpu) ? 0 : freeMilli[gpu];
    }

    /** Returns the free memory of a GPU, MiB; 0 if the GPU is out of service. */
    public long freeGpuMemoryMib(int gpu) {
        return isOut(gpu) ? 0 : freeGpuMemoryMib[gpu];
    }

    public long freeCpuMilli() {
        return freeCpuMilli;
    }

    public long freeMemoryMib() {
        return freeMemoryMib;
    }
}
