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
 * One pool in virtual time, from 0 ms on: users, an orchestrator and nodes, without what is between them live.
 *
 * <p>What users and operators do is planned by {@link #submit} and the like; {@link #runUntil} and {@link #runToEnd} let
 * time pass. In one millisecond, what was planned first happens first: so what was planned before the run goes before what
 * the run itself leads to. Facts name as their cause the place that the input would have in its topic.
 *
 * <p>Nodes send no heartbeats here: one that is to fall silent does so as planned, and the scheduler is told of it when
 * that is planned. It is told that time has passed only then, when a task is due to be tried again, a cordon ends, or the
 * order of tasks changes. That holds for runs of up to ten years of virtual time.
 */
public final class VirtualCluster {
    /** While things break and are repaired, something is always to come; what waits for that long waits in vain. */
    private static final long PATIENCE_MS = 366L * 24 * 3_600_000;

    private final EventLoop loop = new EventLoop();
    private final PoolSettings settings;
    private final VirtualScheduler scheduler;
    private final PoolState state;
    private final VirtualNodes nodes;
    /** Those that are there, or will be. */
    private final Set<NodeId> expected = new TreeSet<>();

    /**
     * A cluster whose nodes will start at 0 ms.
     *
     * @param policies makes the scheduler's policy
     * @param sink gets each fact as it comes to be
     */
    public VirtualCluster(VirtualClusterConfig config, Function<PolicySpec, Policy> policies, FactSink sink) {
        this(config, policies, sink, sample -> {});
    }

    /**
     * As above.
     *
     * @param telemetry gets each sample of a node, in the order of time; a node at rest has none
     */
    public VirtualCluster(
            VirtualClusterConfig config,
            Function<PolicySpec, Policy> policies,
            FactSink sink,
            Consumer<NodeTelemetry> telemetry) {
        this(config, policies, sink, telemetry, (cause, input) -> {});
    }

    /**
     * As above.
     *
     * @param inputSink gets each input, before the facts that come of it
     */
    public VirtualCluster(
            VirtualClusterConfig config,
            Function<PolicySpec, Policy> policies,
            FactSink sink,
            Consumer<NodeTelemetry> telemetry,
            InputSink inputSink) {
        settings = config.settings();
        scheduler = new VirtualScheduler(config, policies, sink, inputSink, loop, new Followers());
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
            throw new IllegalArgumentException("Two nodes are called " + inventory.nodeId());
        }
        join(0, inventory);
    }

    /** Plans that a node starts: a new one, or one that starts anew, perhaps with other parts. */
    public void join(long atMs, NodeInventory inventory) {
        expected.add(inventory.nodeId());
        loop.at(atMs, () -> nodes.join(inventory));
    }

    /** Plans that a user submits a task. */
    public void submit(long atMs, TaskSpec task) {
        loop.at(atMs, () -> scheduler.take(new TaskCommand.SubmitTask(task, atMs)));
    }

    /** Plans that a user cancels a task; nothing happens if it is over by then. */
    public void cancel(long atMs, TaskId taskId) {
        loop.at(atMs, () -> scheduler.take(new TaskCommand.CancelTask(state.pool(), taskId, atMs)));
    }

    /** Plans that an operator asks for a pass. */
    public void runScheduler(long atMs, String requestId) {
        loop.at(atMs, () -> scheduler.take(new TaskCommand.RunScheduler(state.pool(), requestId, atMs)));
    }

    /** Plans that a node goes down in order: what runs there ends, and is tried elsewhere. */
    public void shutDown(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, nodes::shutDown);
    }

    /** Plans that a node starts; one that is up starts anew. */
    public void restart(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, nodes::start);
    }

    /** Plans that a node dies without a word: what runs there is gone. */
    public void crash(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, nodes::turnOff);
    }

    /** Plans that a node is cut off: it goes on with what it runs, but hears nothing and is not heard. */
    public void cutOff(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, node -> node.life().cutOff());
    }

    /** Plans that a node that was cut off is there again. */
    public void reconnect(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, nodes::reconnect);
    }

    /** Plans that the scheduler misses a node: it gets no new tasks. */
    public void suspect(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, node -> scheduler.miss(nodeId, settings.suspectAfterMs()));
    }

    /** Plans that the scheduler gives a node up which it suspects: what it ran is tried elsewhere. */
    public void lose(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, node -> scheduler.miss(nodeId, settings.lostAfterMs()));
    }

    /**
     * Plans that something breaks on a node, and it says so. {@code gpu} is -1 for the node itself, {@code xid} 0 if it is
     * no error of the driver.
     */
    public void fault(long atMs, NodeId nodeId, String kind, int gpu, String detail, int xid) {
        plan(atMs, nodeId, node -> {
            if (kind.equals(NodeEvent.Faulted.NODE_CRASH)) {
                node.life().noteCrash(); // Known when it starts anew.
            } else if (node.life().model() != null) {
                scheduler.take(new NodeEvent.Faulted(
                        state.pool(), nodeId, node.life().incarnation(), kind, gpu, detail, xid, loop.nowMs()));
            }
        });
    }

    /** Plans that a GPU that was out works again, and its node says so. */
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

    /** Plans that an operator has a node drained. */
    public void drain(long atMs, NodeId nodeId, String reason) {
        plan(atMs, nodeId, node -> scheduler.take(new TaskCommand.DrainNode(state.pool(), nodeId, reason, atMs)));
    }

    /** Plans that an operator puts a node back into service. */
    public void uncordon(long atMs, NodeId nodeId, String reason) {
        plan(atMs, nodeId, node -> scheduler.take(new TaskCommand.UncordonNode(state.pool(), nodeId, reason, atMs)));
    }

    /** How many faults of each kind have struck by themselves. */
    public Map<FaultKind, Long> faults() {
        return nodes.faults();
    }

    /** A node that is to join later is looked up when it is needed. */
    private void plan(long atMs, NodeId nodeId, Consumer<VirtualNode> action) {
        if (!expected.contains(nodeId)) {
            throw new IllegalArgumentException("There is no node " + nodeId);
        }
        loop.at(atMs, () -> action.accept(nodes.require(nodeId)));
    }

    /** Lets time pass until then; what is planned for that moment happens too. */
    public void runUntil(long endMs) {
        loop.runUntil(endMs);
    }

    /**
     * Lets time pass until all tasks have ended, but those that wait for room which nobody will make. Then looks at the
     * whole state.
     *
     * @throws InvariantBrokenException if something is wrong with it
     */
    public void runToEnd() {
        // What waits may be let in by a measurement: of a GPU that has cooled down.
        long busyMs = loop.nowMs();
        while (loop.isBusy() || (state.queueLength() > 0 && !loop.isEmpty() && loop.nowMs() - busyMs < PATIENCE_MS)) {
            busyMs = loop.isBusy() ? loop.nowMs() : busyMs;
            loop.runNext();
        }
        checkAll();
    }

    /**
     * Looks at the whole state.
     *
     * @throws InvariantBrokenException if something is wrong with it
     */
    public void checkAll() {
        Checks.atEnd(state);
    }

    public long nowMs() {
        return loop.nowMs();
    }

    /** To be read only. */
    public PoolState state() {
        return state;
    }

    /** Who has drawn what until now. */
    public PoolEnergy energy() {
        return nodes.energy();
    }

    /** How many inputs the scheduler had. */
    public long inputs() {
        return scheduler.inputs();
    }

    /** How many facts there are. */
    public long facts() {
        return scheduler.facts();
    }
}
