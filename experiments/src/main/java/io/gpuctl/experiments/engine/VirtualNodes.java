package io.gpuctl.experiments.engine;

import io.gpuctl.events.CordonCause;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;
import io.gpuctl.orchestrator.core.Cordon;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.faults.Fault;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a virtual cluster, with what befalls them: each is woken when something happens on it, and what it says
 * becomes input of the scheduler.
 */
final class VirtualNodes {
    private static final long NEVER = NodeModel.NEVER;

    private final EventLoop loop;
    private final VirtualScheduler scheduler;
    private final GpuModels models;
    private final @Nullable Sensing sensing;
    private final Consumer<NodeTelemetry> telemetry;
    private final EnergyLedger ledger = new EnergyLedger();
    private final Site site = new Site();
    private final SortedMap<NodeId, VirtualNode> nodes = new TreeMap<>();
    private final Outages outages;
    private final @Nullable FaultDriver faults;

    /**
     * None yet.
     *
     * @param telemetry gets each sample of a node, in the order of time
     */
    VirtualNodes(
            VirtualClusterConfig config,
            EventLoop loop,
            VirtualScheduler scheduler,
            Consumer<NodeTelemetry> telemetry) {
        this.loop = loop;
        this.scheduler = scheduler;
        this.telemetry = telemetry;
        models = config.models();
        sensing = config.sensing();
        outages = new Outages(loop, config.settings(), new OutageActions());
        Faults breaking = config.faults();
        faults = breaking == null ? null : new FaultDriver(breaking, config.nodes(), loop, this::strike);
    }

    /** A node starts: a new one, or one that starts anew, perhaps with other parts. */
    void join(NodeInventory inventory) {
        start(node(inventory));
    }

    private VirtualNode node(NodeInventory inventory) {
        VirtualNode before = nodes.get(inventory.nodeId());
        if (before != null && before.inventory().equals(inventory)) {
            return before;
        }
        NodeSensor sensor = sensing == null || inventory.gpuCount() == 0 ? null : new NodeSensor(sensing);
        var node = new VirtualNode(inventory, models.physics(inventory), sensor, ledger, site);
        if (faults != null) {
            node.habits(faults.habits(inventory));
        }
        if (before != null) {
            before.stop(loop.nowMs());
            planTouched();
            node.follow(before);
        }
        nodes.put(inventory.nodeId(), node);
        return node;
    }

    /** Throws {@link IllegalArgumentException} if there is none. */
    VirtualNode require(NodeId nodeId) {
        VirtualNode node = nodes.get(nodeId);
        if (node == null) {
            throw new IllegalArgumentException("There is no node " + nodeId);
        }
        return node;
    }

    /** Who has drawn what until now. */
    PoolEnergy energy() {
        List<NodeModel> up = new ArrayList<>();
        for (VirtualNode node : nodes.values()) {
            NodeModel model = node.model();
            if (model != null) {
                up.add(model);
            }
        }
        return ledger.read(up, loop.nowMs());
    }

    /** Those who look after nodes read what was decided. */
    void read(Decision decision) {
        if (faults != null) {
            outages.read(decision);
        }
    }

    /** How many faults of each kind have struck by themselves. */
    Map<FaultKind, Long> faults() {
        return faults == null ? Map.of() : faults.counts();
    }

    /** It dies without a word: what runs there is gone. */
    void crash(VirtualNode node) {
        node.stop(loop.nowMs());
        planTouched();
    }

    /** A fault that was drawn. Returns whether it struck: not if its node is down, or its GPU too cool for it. */
    private boolean strike(Fault fault) {
        VirtualNode node = require(fault.nodeId());
        NodeModel model = node.model();
        if (model == null) {
            return false;
        }
        switch (fault.kind()) {
            case NODE_CRASH -> {
                crash(node);
                node.hasCrashed = true;
                outages.crashed(node, fault);
            }
            case PARTITION -> {
                if (node.isCutOff()) {
                    return false;
                }
                node.cutOff();
                outages.cutOff(node, fault);
            }
            case XID, THERMAL_SHUTDOWN, STRAGGLER, ECC_SINGLE_BIT -> {
                catchUp(node, model);
                boolean comesAbout = model.isWarmEnough(fault, loop.nowMs());
                hasChanged(node, model, model.fault(fault, loop.nowMs()));
                return comesAbout;
            }
        }
        return true;
    }

    private final class OutageActions implements Outages.Actions {
        @Override
        public void miss(NodeId nodeId, long silentMs) {
            scheduler.miss(nodeId, silentMs);
        }

        @Override
        public void start(VirtualNode node) {
            VirtualNodes.this.start(node);
        }

        @Override
        public void reconnect(VirtualNode node) {
            VirtualNodes.this.reconnect(node);
        }

        @Override
        public void uncordon(NodeId nodeId) {
            Node node = scheduler.state().node(nodeId);
            Cordon cordon = node == null ? null : node.upkeep().cordon();
            if (cordon != null && cordon.cause() != CordonCause.OPERATOR && cordon.untilMs() == 0) {
                VirtualNode virtual = require(nodeId);
                if (virtual.model() != null && virtual.restartAtMs == NEVER && !virtual.isCutOff()) {
                    scheduler.take(new TaskCommand.UncordonNode(
                            scheduler.state().pool(), nodeId, "looked after", loop.nowMs()));
                }
            }
        }
    }

    /** It starts; one that is up starts anew. */
    void start(VirtualNode node) {
        long nowMs = loop.nowMs();
        node.start(nowMs);
        planTouched();
        boolean afterCrash = node.hasCrashed;
        node.hasCrashed = false;
        scheduler.take(new NodeEvent.Registered(node.inventory(), node.incarnation(), afterCrash, nowMs));
        if (node.sensor() != null && !node.isMeasured) {
            measure(node);
        }
    }

    /** It goes down in order. */
    void shutDown(VirtualNode node) {
        NodeModel model = node.model();
        if (model == null) {
            return;
        }
        long nowMs = loop.nowMs();
        List<TaskReport> last = model.advance(nowMs);
        node.stop(nowMs);
        planTouched();
        last.forEach(scheduler::take);
        scheduler.take(
                new NodeEvent.ShutDown(node.inventory().pool(), node.inventory().nodeId(), node.incarnation(), nowMs));
    }

    void obey(NodeCommand command) {
        VirtualNode node = require(command.nodeId());
        NodeModel model = node.model();
        if (model == null) {
            return;
        }
        if (node.isCutOff()) {
            node.missed(command);
            return;
        }
        long nowMs = loop.nowMs();
        catchUp(node, model);
        List<TaskReport> said = switch (command) {
            case NodeCommand.StartAttempt start -> model.start(start, nowMs);
            case NodeCommand.StopAttempt stop -> model.stop(stop, nowMs);
        };
        hasChanged(node, model, said);
    }

    private void wake(VirtualNode node, long atMs) {
        if (node.wakeAtMs != atMs) {
            return;
        }
        node.wakeAtMs = NEVER;
        NodeModel model = node.model();
        if (model != null) {
            catchUp(node, model);
            hasChanged(node, model, model.advance(atMs));
        }
    }

    /** What a node said becomes input in its turn: behind what is planned for this millisecond already. */
    private void hasChanged(VirtualNode node, NodeModel model, List<TaskReport> said) {
        long nowMs = loop.nowMs();
        List<NodeEvent> events = model.events();
        if (node.isCutOff()) {
            node.keepEvents(events);
            node.keep(said);
        } else {
            // First: nothing may be placed on a GPU that is out.
            events.forEach(event -> loop.at(nowMs, () -> scheduler.take(event)));
            said.forEach(report -> loop.at(nowMs, () -> scheduler.take(report)));
        }
        planWake(node, model);
        outages.planRestart(node, model);
        planTouched();
        if (node.sensor() != null && !node.isMeasured && !node.isCutOff()) {
            planMeasurement(node);
        }
    }

    private void planWake(VirtualNode node, NodeModel model) {
        long nextMs = Math.max(loop.nowMs(), model.nextEventMs());
        // A repair, or the rack's air: nobody waits for it but who needs the GPU.
        boolean isInBackground = faults != null && model.isIdle();
        if (nextMs != node.wakeAtMs || isInBackground != node.isWakeInBackground) {
            if (faults != null) {
                loop.giveUp(node.wake);
            }
            node.wake = nextMs == NEVER
                    ? null
                    : isInBackground
                            ? loop.inBackgroundAt(nextMs, () -> wake(node, nextMs))
                            : loop.at(nextMs, () -> wake(node, nextMs));
        }
        node.wakeAtMs = nextMs;
        node.isWakeInBackground = isInBackground;
    }

    /** What happens on a node may warm the inlets of others, or hold up what they run. */
    private void planTouched() {
        for (NodeModel model : site.takeTouched()) {
            VirtualNode node = nodes.get(model.inventory().nodeId());
            if (node != null && node.model() == model) {
                planWake(node, model);
            }
        }
    }

    /** What it could not say comes first, then what it did not hear; then it says that it lives. */
    void reconnect(VirtualNode node) {
        NodeModel model = node.model();
        if (model == null || !node.isCutOff()) {
            return;
        }
        long nowMs = loop.nowMs();
        List<NodeCommand> missed = node.reconnect();
        node.unsaidEvents().forEach(scheduler::take);
        node.unsaid().forEach(scheduler::take);
        missed.forEach(this::obey);
        hasChanged(node, model, model.advance(nowMs));
        scheduler.take(new NodeEvent.Heartbeat(
                scheduler.state().pool(), node.inventory().nodeId(), node.incarnation(), model.running(), nowMs));
    }

    private void catchUp(VirtualNode node, NodeModel model) {
        NodeSensor sensor = node.sensor();
        if (sensor != null && !node.isMeasured) {
            NodeCondition missed = sensor.catchUp(model, loop.nowMs());
            if (missed != null) {
                loop.at(loop.nowMs(), () -> scheduler.take(missed));
            }
        }
    }

    private void planMeasurement(VirtualNode node) {
        if (sensing != null) {
            node.isMeasured = true;
            loop.inBackgroundAt(sensing.nextAfterMs(loop.nowMs()), () -> measure(node));
        }
    }

    private void measure(VirtualNode node) {
        node.isMeasured = false;
        NodeModel model = node.model();
        NodeSensor sensor = node.sensor();
        if (model == null || sensor == null || node.isCutOff()) {
            return;
        }
        long nowMs = loop.nowMs();
        if (model.nextEventMs() <= nowMs) {
            wake(node, nowMs);
        }
        NodeCondition changed = sensor.measure(model, nowMs);
        NodeTelemetry sample = sensor.newest();
        if (sample != null) {
            telemetry.accept(sample);
        }
        if (changed != null) {
            scheduler.take(changed);
        }
        if (!sensor.isAtRest() && !node.isMeasured) {
            planMeasurement(node);
        }
    }
}
