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
import io.gpuctl.simulator.host.NodeLife;
import io.gpuctl.simulator.host.Repairs;
import io.gpuctl.simulator.host.Said;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.Site;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a virtual cluster and their faults. A node is woken when an event on it is due, and its messages become
 * inputs of the scheduler.
 */
final class VirtualNodes {
    private final EventLoop loop;
    private final VirtualScheduler scheduler;
    private final GpuModels models;
    private final @Nullable Sensing sensing;
    private final Consumer<NodeTelemetry> telemetry;
    private final EnergyLedger ledger = new EnergyLedger();
    private final Site site = new Site();
    private final Map<NodeId, VirtualNode> nodes = new LinkedHashMap<>();
    private final Outages outages;
    private final @Nullable FaultDriver faults;

    /**
     * Creates an empty set of nodes.
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

    /** Starts a node: a new one, or a known one that restarts, perhaps with other hardware. */
    void join(NodeInventory inventory) {
        start(node(inventory));
    }

    private VirtualNode node(NodeInventory inventory) {
        VirtualNode before = nodes.get(inventory.nodeId());
        if (before != null && before.life().inventory().equals(inventory)) {
            return before;
        }
        long incarnation = 0;
        if (before != null) {
            before.life().turnOff(loop.nowMs());
            planTouched();
            incarnation = before.life().incarnation(); // The count of its starts continues.
        }
        var habits = faults == null ? NodeModel.Habits.QUIET : faults.habits(inventory);
        var machine = new VirtualNode.Machine(inventory, models.physics(inventory), ledger, habits);
        NodeSensor sensor = sensing == null || inventory.gpuCount() == 0 ? null : new NodeSensor(sensing);
        var node = new VirtualNode(new NodeLife(inventory, incarnation, site, machine), sensor);
        nodes.put(inventory.nodeId(), node);
        return node;
    }

    /** Returns a node; throws {@link IllegalArgumentException} if there is none with this id. */
    VirtualNode require(NodeId nodeId) {
        VirtualNode node = nodes.get(nodeId);
        if (node == null) {
            throw new IllegalArgumentException("There is no node " + nodeId);
        }
        return node;
    }

    /** Returns the energy drawn until now. */
    PoolEnergy energy() {
        List<NodeModel> up = new ArrayList<>();
        for (VirtualNode node : nodes.values()) {
            NodeModel model = node.life().model();
            if (model != null) {
                up.add(model);
            }
        }
        return ledger.read(up, loop.nowMs());
    }

    /** Lets operators react to a decision. */
    void read(Decision decision) {
        if (faults != null) {
            outages.read(decision);
        }
    }

    /** Returns how many faults of each kind the fault laws caused. */
    Map<FaultKind, Long> faults() {
        return faults == null ? Map.of() : faults.counts();
    }

    /** Turns the node off without a message: its attempts are lost. */
    void turnOff(VirtualNode node) {
        node.life().turnOff(loop.nowMs());
        planTouched();
    }

    /** Applies a drawn fault. Returns whether it struck: not if its node is down, or if its GPU is too cool for it. */
    private boolean strike(Fault fault) {
        VirtualNode node = require(fault.nodeId());
        long nowMs = loop.nowMs();
        boolean silences = fault.kind() == FaultKind.NODE_CRASH || fault.kind() == FaultKind.PARTITION;
        if (!silences) {
            catchUp(node);
        }
        boolean isHit = node.life().isHitBy(fault, nowMs);
        if (silences && !isHit) {
            return false;
        }
        hasChanged(node, node.life().strike(fault, nowMs));
        Repairs.Plan back = node.repairs().after(fault, nowMs);
        if (back != null) {
            outages.fellSilent(node, back);
        }
        return isHit;
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
                if (!virtual.life().isSilent() && !virtual.repairs().awaitsRestart()) {
                    scheduler.take(new TaskCommand.UncordonNode(
                            scheduler.state().pool(), nodeId, "looked after", loop.nowMs()));
                }
            }
        }
    }

    /** Starts the node; a node that is up goes down first. */
    void start(VirtualNode node) {
        Said said = node.life().start(node.life().incarnation() + 1, loop.nowMs());
        if (node.sensor() != null) {
            node.sensor().forget();
        }
        planTouched();
        take(said);
        if (node.needsSample()) {
            measure(node);
        }
    }

    /** Shuts the node down in an orderly way. */
    void shutDown(VirtualNode node) {
        Said said = node.life().shutDown(loop.nowMs());
        planTouched();
        take(said);
    }

    private void take(Said said) {
        said.events().forEach(scheduler::take);
        said.reports().forEach(scheduler::take);
        if (said.farewell() != null) {
            scheduler.take(said.farewell());
        }
    }

    void obey(NodeCommand command) {
        VirtualNode node = require(command.nodeId());
        if (!node.life().isSilent()) {
            catchUp(node);
        }
        hasChanged(node, node.life().obey(command, loop.nowMs()));
    }

    private void wake(VirtualNode node, long atMs) {
        if (node.wakes(atMs)) {
            catchUp(node);
            hasChanged(node, node.life().advance(atMs));
        }
    }

    /** Plans the node's messages as inputs, after what is already planned for this millisecond. */
    private void hasChanged(VirtualNode node, Said said) {
        long nowMs = loop.nowMs();
        for (NodeEvent event : said.events()) {
            loop.at(nowMs, () -> scheduler.take(event));
        }
        for (TaskReport report : said.reports()) {
            loop.at(nowMs, () -> scheduler.take(report));
        }
        planWake(node);
        outages.planRestart(node);
        planTouched();
        if (node.needsSample() && !node.life().isSilent()) {
            planMeasurement(node);
        }
    }

    private void planWake(VirtualNode node) {
        node.planWake(loop, faults != null, atMs -> wake(node, atMs));
    }

    /**
     * Plans the wakes of nodes that a change on another node affected: the change may warm their inlets, or hold up
     * their attempts.
     */
    private void planTouched() {
        for (NodeModel model : site.takeTouched()) {
            VirtualNode node = nodes.get(model.inventory().nodeId());
            if (node != null && node.life().model() == model) {
                planWake(node);
            }
        }
    }

    /** Reconnects the node, which then sends a heartbeat. */
    void reconnect(VirtualNode node) {
        NodeLife life = node.life();
        NodeModel model = life.model();
        if (model == null || !life.isCutOff()) {
            return;
        }
        take(life.reconnect());
        if (life.hasMissed()) {
            catchUp(node);
        }
        hasChanged(node, life.obeyMissed(loop.nowMs()));
        scheduler.take(new NodeEvent.Heartbeat(
                scheduler.state().pool(),
                life.inventory().nodeId(),
                life.incarnation(),
                model.running(),
                loop.nowMs()));
    }

    private void catchUp(VirtualNode node) {
        NodeModel model = node.life().model();
        NodeSensor sensor = node.sensor();
        if (model != null && sensor != null && node.needsSample()) {
            NodeCondition missed = sensor.catchUp(model, loop.nowMs());
            if (missed != null) {
                loop.at(loop.nowMs(), () -> scheduler.take(missed));
            }
        }
    }

    private void planMeasurement(VirtualNode node) {
        if (sensing != null) {
            node.samplePlanned(true);
            loop.inBackgroundAt(sensing.nextAfterMs(loop.nowMs()), () -> measure(node));
        }
    }

    private void measure(VirtualNode node) {
        node.samplePlanned(false);
        NodeModel model = node.life().model();
        NodeSensor sensor = node.sensor();
        if (model == null || sensor == null || node.life().isCutOff()) {
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
        if (!sensor.isAtRest() && node.needsSample()) {
            planMeasurement(node);
        }
    }
}
