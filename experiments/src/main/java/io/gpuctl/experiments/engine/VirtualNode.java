package io.gpuctl.experiments.engine;

import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.TaskReport;
import io.gpuctl.simulator.model.GpuPhysics;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.Site;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a virtual cluster: its model while it is up, and what is planned for it. Changed by the cluster alone. */
final class VirtualNode {
    private final NodeInventory inventory;
    private final GpuPhysics physics;
    private final @Nullable NodeSensor sensor;
    private final EnergyLedger ledger;
    private final Site site;
    private @Nullable NodeModel model;
    private long incarnation;
    private boolean isCutOff;
    private final List<TaskReport> unsaid = new ArrayList<>();
    private final List<NodeEvent> unsaidEvents = new ArrayList<>();
    private final List<NodeCommand> missed = new ArrayList<>();
    private long outages;
    private NodeModel.Habits habits = NodeModel.Habits.QUIET;

    /** When it will be woken next; {@link NodeModel#NEVER} if that is not planned. */
    long wakeAtMs = NodeModel.NEVER;
    /** The same, as it is planned. */
    EventLoop.@Nullable Planned wake;
    /** Whether the run may end before. */
    boolean isWakeInBackground;
    /** When it will be started anew, as far as that is planned. */
    long restartAtMs = NodeModel.NEVER;
    /** Whether it will say at its next start that its machine has crashed. */
    boolean hasCrashed;
    /** Whether its next sample is planned. */
    boolean isMeasured;

    VirtualNode(
            NodeInventory inventory, GpuPhysics physics, @Nullable NodeSensor sensor, EnergyLedger ledger, Site site) {
        this.inventory = inventory;
        this.physics = physics;
        this.sensor = sensor;
        this.ledger = ledger;
        this.site = site;
    }

    /** It starts, or starts anew: nothing runs on it. */
    void start(long nowMs) {
        stop(nowMs);
        incarnation++;
        model = new NodeModel(inventory, incarnation, physics, nowMs, ledger, habits);
        site.add(model, nowMs);
        if (sensor != null) {
            sensor.forget();
        }
    }

    void stop(long nowMs) {
        if (model != null) {
            ledger.close(model, nowMs);
            model.leave(nowMs);
        }
        model = null;
        wakeAtMs = NodeModel.NEVER;
        restartAtMs = NodeModel.NEVER;
        isCutOff = false;
        outages++;
        unsaid.clear();
        unsaidEvents.clear();
        missed.clear();
    }

    /** From its next start on. */
    void habits(NodeModel.Habits now) {
        habits = now;
    }

    /** It falls silent, for a new reason. Returns the number of that. */
    long beginOutage() {
        return ++outages;
    }

    /** Whether nothing has changed since: it has neither started anew, nor is there another reason. */
    boolean isInOutage(long number) {
        return outages == number;
    }

    boolean isSilent() {
        return model == null || isCutOff;
    }

    /** It takes the place of another, which has stopped: its starts are counted on. */
    void follow(VirtualNode before) {
        incarnation = before.incarnation;
    }

    /** It goes on with what it runs, but hears nothing and is not heard. */
    void cutOff() {
        isCutOff = model != null;
    }

    boolean isCutOff() {
        return isCutOff;
    }

    /** What it has to say once it is heard again. */
    void keep(List<TaskReport> reports) {
        unsaid.addAll(reports);
    }

    void keepEvents(List<NodeEvent> events) {
        unsaidEvents.addAll(events);
    }

    /** What it could not say of itself, once. */
    List<NodeEvent> unsaidEvents() {
        List<NodeEvent> events = List.copyOf(unsaidEvents);
        unsaidEvents.clear();
        return events;
    }

    /** What it will be told once it hears again. */
    void missed(NodeCommand command) {
        missed.add(command);
    }

    /** It hears and is heard again. Returns what it has missed. */
    List<NodeCommand> reconnect() {
        isCutOff = false;
        outages++;
        List<NodeCommand> commands = List.copyOf(missed);
        missed.clear();
        return commands;
    }

    /** What it could not say, once. */
    List<TaskReport> unsaid() {
        List<TaskReport> reports = List.copyOf(unsaid);
        unsaid.clear();
        return reports;
    }

    NodeInventory inventory() {
        return inventory;
    }

    long incarnation() {
        return incarnation;
    }

    /** Null while it is down. */
    @Nullable
    NodeModel model() {
        return model;
    }

    /** Null if nodes are not measured, or this one has no GPUs. */
    @Nullable
    NodeSensor sensor() {
        return sensor;
    }
}
