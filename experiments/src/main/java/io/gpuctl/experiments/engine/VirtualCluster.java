package io.gpuctl.experiments.engine;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.Policy;
import io.gpuctl.orchestrator.core.PoolState;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One pool in virtual time, which starts at 0 ms: users, an orchestrator and nodes, without the Kafka topics and
 * services that connect them in a live cluster.
 *
 * <p>{@link #submit} and similar methods plan what users and operators do; {@link #runUntil} and {@link #runToEnd} let
 * time pass. Within one millisecond, actions run in the order in which they were planned: those planned before the run
 * come before those that the run itself leads to. Facts name as their cause the place that the input would have in its
 * topic.
 *
 * <p>Nodes send no heartbeats here. The plan says when a node falls silent and when the scheduler notices the silence.
 * The scheduler gets a tick only when it notices a silence, a retry is due, a cordon ends, or the order of tasks
 * changes. This holds for runs of up to ten years of virtual time.
 */
public final class VirtualCluster {
    /**
     * While faults strike and are repaired, an action is always planned; a task that has waited this long waits in
     * vain.
     */
    private static final long PATIENCE_MS = 366L * 24 * 3_600_000;

    private final EventLoop loop = new EventLoop();
    private final PoolSettings settings;
    private final VirtualScheduler scheduler;
    private final PoolState state;
    private final VirtualNodes nodes;
    /** Nodes that have joined or will join. */
    private final Set<NodeId> expected = new TreeSet<>();

    /**
     * Creates a cluster whose nodes will start at 0 ms.
     *
     * @param policies makes the scheduler's policy
     * @param sink gets each fact when it is decided
     */
    public VirtualCluster(VirtualClusterConfig config, Function<PolicySpec, Policy> policies, FactSink sink) {
        this(config, policies, sink, sample -> {});
    }

    /**
     * Creates a cluster whose nodes will start at 0 ms.
     *
     * @param telemetry gets each sample of a node, in the order of time; a node at rest is not sampled
     */
    public VirtualCluster(
            VirtualClusterConfig config,
            Function<PolicySpec, Policy> policies,
            FactSink sink,
            Consumer<NodeTelemetry> telemetry) {
        this(config, policies, sink, telemetry, (cause, input) -> {});
    }

    /**
     * Creates a cluster whose nodes will start at 0 ms.
     *
     * @param topics gets each record that is not a fact
     */
    public VirtualCluster(
            VirtualClusterConfig config,
            Function<PolicySpec, Policy> policies,
            FactSink sink,
            Consumer<NodeTelemetry> telemetry,
            TopicSink topics) {
        settings = config.settings();
        scheduler = new VirtualScheduler(config, policies, sink, topics, loop, new Followers());
        state = scheduler.state();
        nodes = new VirtualNodes(config, loop, scheduler, telemetry);
        config.nodes().forEach(this::add);
    }

    private final class Followers implements VirtualScheduler.Followers {
        @Override
        public void obey(NodeCommand command) {
            nodes.obey(command);
        }

        @Override
        public void read(Decision decision) {
            nodes.read(decision);
        }
    }

    private void add(NodeInventory inventory) {
        if (expected.contains(inventory.nodeId())) {
            throw new IllegalArgumentException("Two nodes have the id " + inventory.nodeId());
        }
        join(0, inventory);
    }

    /** Plans that a node starts: a new node, or a known one that restarts, perhaps with other hardware. */
    public void join(long atMs, NodeInventory inventory) {
        expected.add(inventory.nodeId());
        loop.at(atMs, () -> nodes.join(inventory));
    }

    /** Plans that a user submits a task. */
    public void submit(long atMs, TaskSpec task) {
        loop.at(atMs, () -> scheduler.take(new TaskCommand.SubmitTask(task, atMs)));
    }

    /** Plans that a user cancels a task; nothing happens if the task has ended by then. */
    public void cancel(long atMs, TaskId taskId) {
        loop.at(atMs, () -> scheduler.take(new TaskCommand.CancelTask(state.pool(), taskId, atMs)));
    }

    /** Plans that an operator requests a scheduling pass. */
    public void runScheduler(long atMs, String requestId) {
        loop.at(atMs, () -> scheduler.take(new TaskCommand.RunScheduler(state.pool(), requestId, atMs)));
    }

    /** Plans an orderly shutdown of a node: its attempts end, and their tasks are retried elsewhere. */
    public void shutDown(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, nodes::shutDown);
    }

    /** Plans that a node starts; a node that is up restarts. */
    public void restart(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, nodes::start);
    }

    /** Plans that a node crashes silently: its attempts are lost. */
    public void crash(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, nodes::turnOff);
    }

    /**
     * Plans a network partition of a node: the node keeps running its attempts, but neither receives nor sends
     * messages.
     */
    public void cutOff(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, node -> node.life().cutOff());
    }

    /** Plans that a node that was cut off reconnects. */
    public void reconnect(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, nodes::reconnect);
    }

    /** Plans that the scheduler suspects a silent node, which then gets no new tasks. */
    public void suspect(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, node -> scheduler.miss(nodeId, settings.suspectAfterMs()));
    }

    /** Plans that the scheduler gives up a node that it suspects, and retries the node's tasks elsewhere. */
    public void lose(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, node -> scheduler.miss(nodeId, settings.lostAfterMs()));
    }

    /**
     * Plans a fault on a node, which the node reports. {@code gpu} is -1 for the node itself; {@code xid} is 0 if the
     * fault is no driver error.
     */
    public void fault(long atMs, NodeId nodeId, String kind, int gpu, String detail, int xid) {
        plan(atMs, nodeId, node -> {
            if (kind.equals(NodeEvent.Faulted.NODE_CRASH)) {
                node.life().noteCrash(); // The node reports the crash when it restarts.
            } else if (node.life().model() != null) {
                scheduler.take(new NodeEvent.Faulted(
                        state.pool(), nodeId, node.life().incarnation(), kind, gpu, detail, xid, loop.nowMs()));
            }
        });
    }

    /** Plans that a GPU that was out of service works again, which its node reports. */
    public void restoreGpu(long atMs, NodeId nodeId, int gpu) {
        plan(atMs, nodeId, node -> {
            if (node.life().model() != null) {
                scheduler.take(new NodeEvent.GpuRestored(
                        state.pool(), nodeId, node.life().incarnation(), gpu, loop.nowMs()));
            }
        });
    }

    /** Plans that an operator takes a node out of service. */
    public void cordon(long atMs, NodeId nodeId, String reason) {
        plan(atMs, nodeId, node -> scheduler.take(new TaskCommand.CordonNode(state.pool(), nodeId, reason, atMs)));
    }

    /** Plans that an operator drains a node. */
    public void drain(long atMs, NodeId nodeId, String reason) {
        plan(atMs, nodeId, node -> scheduler.take(new TaskCommand.DrainNode(state.pool(), nodeId, reason, atMs)));
    }

    /** Plans that an operator puts a node back into service. */
    public void uncordon(long atMs, NodeId nodeId, String reason) {
        plan(atMs, nodeId, node -> scheduler.take(new TaskCommand.UncordonNode(state.pool(), nodeId, reason, atMs)));
    }

    /** Returns how many faults of each kind the fault laws caused. */
    public Map<FaultKind, Long> faults() {
        return nodes.faults();
    }

    /** Plans an action on a node. The node is looked up when the action runs, because it may join later. */
    private void plan(long atMs, NodeId nodeId, Consumer<VirtualNode> action) {
        if (!expected.contains(nodeId)) {
            throw new IllegalArgumentException("There is no node " + nodeId);
        }
        loop.at(atMs, () -> action.accept(nodes.require(nodeId)));
    }

    /** Lets time pass until {@code endMs}; actions planned for exactly that time run too. */
    public void runUntil(long endMs) {
        loop.runUntil(endMs);
    }

    /**
     * Lets time pass until all tasks have ended, except those that wait for room that will never be free. Then checks
     * the whole state.
     *
     * @throws InvariantBrokenException if the state breaks an invariant
     */
    public void runToEnd() {
        // A measurement may let a waiting task start: that of a GPU that has cooled down.
        long busyMs = loop.nowMs();
        while (loop.isBusy() || (state.queueLength() > 0 && !loop.isEmpty() && loop.nowMs() - busyMs < PATIENCE_MS)) {
            busyMs = loop.isBusy() ? loop.nowMs() : busyMs;
            loop.runNext();
        }
        checkAll();
    }

    /**
     * Checks the whole state.
     *
     * @throws InvariantBrokenException if the state breaks an invariant
     */
    public void checkAll() {
        Checks.atEnd(state);
    }

    public long nowMs() {
        return loop.nowMs();
    }

    /** Returns the live state, which the caller must not change. */
    public PoolState state() {
        return state;
    }

    /** Returns the energy drawn until now. */
    public PoolEnergy energy() {
        return nodes.energy();
    }

    /** Returns how many inputs the scheduler has taken. */
    public long inputs() {
        return scheduler.inputs();
    }

    /** Returns how many facts the scheduler has recorded. */
    public long facts() {
        return scheduler.facts();
    }
}
