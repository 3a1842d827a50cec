package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.GpuHardware;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskReport.Failed;
import io.gpuctl.events.TaskReport.Faulted;
import io.gpuctl.events.TaskReport.Started;
import io.gpuctl.events.TaskReport.Stopped;
import io.gpuctl.simulator.faults.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One simulated node: it starts, runs and stops attempts, and its GPUs draw power, warm up and throttle under their
 * load.
 *
 * <p>Not thread-safe. Time is cluster time in ms, and never goes back: a time before the latest time that the node has
 * seen counts as the latest time. Everything between two calls is solved in closed form, so the frequency of
 * {@link #advance} only affects when reports come out; they carry the times of the events themselves. Advance the nodes
 * of one {@link Site} together.
 *
 * <p>Attempts on one GPU share it: their loads (share x utilization) and their memory add up, and all work at its
 * clock. An attempt on several GPUs works at the clock of the slowest, including GPUs on other nodes of its
 * {@link Site}. The attempts also share the energy of the GPU: see {@link #energy}.
 */
public final class NodeModel extends DueQueue.Entry {
    /** Stands for the time of an event that never happens. */
    public static final long NEVER = ThermalPath.NEVER;

    /** Exit code in the report of a node that refuses to start an attempt. */
    public static final int REFUSED_EXIT_CODE = -1;

    /** Order in which a site files its nodes. */
    static final Comparator<NodeModel> BY_FILED_DUE = (one, other) -> {
        int byTime = Long.compare(one.filedDueMs, other.filedDueMs);
        return byTime != 0 ? byTime : Long.compare(one.seat, other.seat);
    };

    private final NodeInventory inventory;
    private final GpuPhysics physics;
    private final TaskReport.Source source;
    private final List<Gpu> gpus;
    private final Capacity capacity;
    private final Attempts attempts;
    private final Inlet inlet;
    private final Breakage breakage;
    private long latestMs;
    private @Nullable Site site;
    private @Nullable Rack rack;
    /** The node's place in the order of nodes of the site that are due at the same time. */
    private long seat;
    /** The due time under which the site has filed the node. */
    private long filedDueMs = NEVER;
    /** Whether the site must look at the due time again. */
    private boolean hasMoved;
    /** The reports that have not been returned yet. */
    private List<TaskReport> untold = new ArrayList<>();

    /** Creates an idle node without an energy meter. */
    public NodeModel(NodeInventory inventory, long incarnation, GpuPhysics physics, long startMs) {
        this(inventory, incarnation, physics, startMs, EnergyMeter.NONE);
    }

    /**
     * Creates an idle node, with its GPUs at their idle temperature.
     *
     * @param incarnation number of the node's start; commands for another start are ignored
     * @param meter gets the energy of each attempt when the attempt ends
     */
    public NodeModel(NodeInventory inventory, long incarnation, GpuPhysics physics, long startMs, EnergyMeter meter) {
        this(inventory, incarnation, physics, startMs, meter, Habits.QUIET);
    }

    /** Creates an idle node with the given habits. */
    public NodeModel(
            NodeInventory inventory,
            long incarnation,
            GpuPhysics physics,
            long startMs,
            EnergyMeter meter,
            Habits habits) {
        this.inventory = inventory;
        this.physics = physics;
        source = new TaskReport.Source(inventory.pool(), inventory.nodeId(), incarnation);
        var law = new HeatLaw(inventory, physics);
        inlet = new Inlet(law);
        gpus = IntStream.range(0, inventory.gpuCount())
                .mapToObj(_ -> new Gpu(law, inlet, startMs))
                .toList();
        breakage = new Breakage(this, gpus, habits.thermalRepairMs());
        capacity = new Capacity(inventory, gpus);
        attempts = new Attempts(source, gpus, inlet, capacity, meter, habits.progress(), this::loadChanged);
        latestMs = startMs;
    }

    /**
     * Resumes a suspended node at {@code atMs}, with the same incarnation and attempts. The inventory must be the same.
     */
    public static NodeModel resume(
            NodeInventory inventory,
            SuspendedNode suspended,
            GpuPhysics physics,
            long atMs,
            EnergyMeter meter,
            Habits habits) {
        var model = new NodeModel(inventory, suspended.incarnation(), physics, atMs, meter, habits);
        model.breakage.ailments().resume(suspended, atMs);
        model.inlet.warm(suspended.rackCelsius());
        model.attempts.resume(suspended, model::paceMilli, atMs);
        return model;
    }

    /**
     * Returns the state that the node needs to resume later. Call {@link #advance} with {@code nowMs} and
     * {@link #events} first, so that no message is left.
     *
     * @throws IllegalStateException if an event is due by {@code nowMs}
     */
    public SuspendedNode suspend(long nowMs) {
        requireAdvanced(nowMs);
        var ailments = breakage.ailments();
        return new SuspendedNode(
                incarnation(),
                inlet.rackCelsius(),
                gpus.stream().map(gpu -> gpu.suspend(latestMs)).toList(),
                attempts.all().stream()
                        .map(attempt -> attempt.suspend(latestMs))
                        .toList(),
                attempts.done(),
                attempts.endedMicrojoules(),
                ailments.outages(latestMs),
                ailments.slownesses(latestMs),
                SuspendedNode.relative(ailments.restartMs(), latestMs));
    }

    /**
     * The behaviour of a node besides obeying commands.
     *
     * @param progress when the node reports the progress of its attempts
     * @param thermalRepairMs draws how long a GPU that became too hot is out of service, ms
     */
    public record Habits(ProgressReports progress, LongSupplier thermalRepairMs) {
        private static final long HALF_AN_HOUR_MS = 1_800_000;

        public static final Habits QUIET = new Habits(ProgressReports.NEVER, () -> HALF_AN_HOUR_MS);
    }

    public NodeInventory inventory() {
        return inventory;
    }

    /** Returns the inventory that the node registers with, including the driver's data on its GPUs. */
    public NodeInventory describe() {
        var clocks = physics.clocks();
        double maxWatts =
                Math.max(inventory.gpuLimitPowerWatts(), physics.power().fullLoadWatts());
        return inventory.with(GpuHardware.simulated(inventory.nodeId(), inventory.gpuCount())
                .withLimits(clocks.boostMhz(), clocks.memoryMhz(), maxWatts));
    }

    public long incarnation() {
        return source.incarnation();
    }

    /**
     * Starts an attempt at {@code nowMs}, unless the attempt is running, has ended, or was refused. An attempt that
     * does not fit fails with {@link Failed} and {@link #REFUSED_EXIT_CODE}.
     *
     * @return the reports until {@code nowMs}, in the order of time
     */
    public List<TaskReport> start(StartAttempt command, long nowMs) {
        List<TaskReport> reports = advance(nowMs);
        AttemptId id = command.attempt();
        if (!isMeant(command) || attempts.isKnown(id)) {
            return reports;
        }
        for (int gpu : command.allocation().gpus()) {
            if (gpu >= 0 && gpu < gpus.size() && breakage.ailments().isOut(gpu)) {
                attempts.refuse(id);
                String detail = "GPU %d is out".formatted(gpu);
                reports.add(new Faulted(
                        TaskReport.Source.of(command),
                        id,
                        gpu,
                        breakage.ailments().xid(gpu),
                        detail,
                        0,
                        latestMs));
                return reports;
            }
        }
        String refusal = capacity.whyNot(command.allocation());
        if (refusal != null) {
            attempts.refuse(id);
            reports.add(new Failed(TaskReport.Source.of(command), id, REFUSED_EXIT_CODE, refusal, latestMs));
            return reports;
        }
        attempts.begin(command, paceMilli(command.allocation()), latestMs);
        reports.add(new Started(TaskReport.Source.of(command), id, latestMs));
        reports.addAll(advance(latestMs));
        return reports;
    }

    /**
     * Stops an attempt, and saves its work if it makes no checkpoints. An unknown or ended attempt is also answered
     * with {@link Stopped}, and will not be started.
     *
     * @return the reports until {@code nowMs}, in the order of time
     */
    public List<TaskReport> stop(StopAttempt command, long nowMs) {
        List<TaskReport> reports = advance(nowMs);
        if (!isMeant(command)) {
            return reports;
        }
        var attempt = attempts.get(command.attempt());
        long keptMs = 0;
        long lostMs = 0;
        long energyMj = 0;
        if (attempt != null) {
            attempt.settle(latestMs);
            keptMs = attempt.progress().keptMs(true);
            lostMs = attempt.progress().lostMs(true);
            energyMj = attempts.end(attempt, latestMs);
        } else {
            attempts.refuse(command.attempt());
        }
        reports.add(new Stopped(TaskReport.Source.of(command), command.attempt(), keptMs, lostMs, energyMj, latestMs));
        return reports;
    }

    /**
     * Advances the node to {@code nowMs}.
     *
     * @return the reports until {@code nowMs}, in the order of time, then of attempts; the caller may change the list
     */
    public List<TaskReport> advance(long nowMs) {
        if (rack == null) {
            while (ownNextEventMs() <= nowMs) {
                happenNext();
            }
        } else {
            rack.letPass(nowMs);
        }
        latestMs = Math.max(latestMs, nowMs);
        List<TaskReport> told = untold;
        untold = new ArrayList<>();
        moved();
        return told;
    }

    private void moved() {
        if (site != null) {
            site.moved(this);
        }
    }

    /** Returns the time of the next event, or {@link #NEVER}. */
    public long nextEventMs() {
        if (rack == null) {
            return ownNextEventMs();
        }
        return untold.isEmpty() && !breakage.hasWord() ? Math.min(ownNextEventMs(), rack.dueMs()) : latestMs;
    }

    /** Returns the time of the node's next event, leaving out the events of its rack. */
    long ownNextEventMs() {
        return Math.min(attempts.nextMs(), breakage.nextMs());
    }

    /**
     * Applies a fault at {@code nowMs}. Crashes and partitions are not handled here, but by the caller. A fault has no
     * effect on a GPU that is already out of service or too cool for it.
     *
     * @param fault any kind but a crash or partition
     * @return the reports until {@code nowMs}, in the order of time
     */
    public List<TaskReport> fault(Fault fault, long nowMs) {
        List<TaskReport> reports = advance(nowMs);
        breakage.strike(fault, latestMs);
        reports.addAll(advance(latestMs));
        return reports;
    }

    /**
     * Returns whether the fault's GPU will be warm enough for the fault at {@code nowMs}, if nothing changes until
     * then.
     */
    public boolean isWarmEnough(Fault fault, long nowMs) {
        return breakage.isWarmEnough(fault, Math.max(latestMs, nowMs));
    }

    /**
     * Returns the node's events since the last call, in the order of time. Call this after each call that advances the
     * time, and send the events before the reports of that call.
     */
    public List<NodeEvent> events() {
        moved();
        return breakage.take();
    }

    /** Returns when the node must restart to complete a repair; {@link #NEVER} if no repair needs a restart. */
    public long restartMs() {
        return breakage.ailments().restartMs();
    }

    TaskReport.Source source() {
        return source;
    }

    /**
     * Returns the node's measurements at {@code nowMs}.
     *
     * @throws IllegalStateException if an event is due by {@code nowMs}: {@link #advance} first
     */
    public NodeTelemetry telemetry(long nowMs) {
        requireAdvanced(nowMs);
        return new NodeTelemetry(
                inventory.nodeId(),
                inventory.pool(),
                latestMs,
                gpus.stream()
                        .map(gpu -> GpuMeter.read(gpu, inventory.gpuMemoryMib(), latestMs))
                        .toList(),
                GpuMeter.shares(gpus, latestMs));
    }

    /**
     * Returns the energy of the GPUs until {@code nowMs}, divided into attempts and idling.
     *
     * @throws IllegalStateException if an event is due by {@code nowMs}: {@link #advance} first
     */
    public NodeEnergy energy(long nowMs) {
        requireAdvanced(nowMs);
        long all = 0;
        long idle = 0;
        for (var gpu : gpus) {
            all += gpu.microjoulesAt(latestMs);
            idle += gpu.idleMicrojoulesAt(latestMs);
        }
        return new NodeEnergy(all, attempts.microjoulesAt(latestMs), idle);
    }

    /**
     * Returns for how long heat has lowered clocks until {@code nowMs}, summed over the GPUs.
     *
     * @throws IllegalStateException if an event is due by {@code nowMs}: {@link #advance} first
     */
    public long slowedMs(long nowMs) {
        requireAdvanced(nowMs);
        return gpus.stream().mapToLong(gpu -> gpu.slowedMsAt(latestMs)).sum();
    }

    /**
     * Returns the energy of each running attempt until {@code nowMs}, in millionths of a joule, by id.
     *
     * @throws IllegalStateException if an event is due by {@code nowMs}: {@link #advance} first
     */
    public SortedMap<AttemptId, Long> attemptMicrojoules(long nowMs) {
        requireAdvanced(nowMs);
        SortedMap<AttemptId, Long> drawn = new TreeMap<>();
        attempts.all().forEach(attempt -> drawn.put(attempt.id(), attempt.microjoulesAt(latestMs)));
        return drawn;
    }

    /** Sets the errors that a GPU's measurements show from now on. */
    public void note(int gpu, NodeTelemetry.Errors errors) {
        gpus.get(gpu).errors(errors);
    }

    private void requireAdvanced(long nowMs) {
        if (nextEventMs() <= nowMs) {
            throw new IllegalStateException("Node %s must advance to %d before it measures at %d"
                    .formatted(inventory.nodeId(), nextEventMs(), nowMs));
        }
        latestMs = Math.max(latestMs, nowMs);
    }

    /** Returns the running attempts, in the order of their ids. */
    public List<AttemptId> running() {
        return attempts.ids();
    }

    public boolean isIdle() {
        return attempts.isEmpty();
    }

    private boolean isMeant(NodeCommand command) {
        return command.nodeId().equals(source.nodeId()) && command.incarnation() == source.incarnation();
    }

    private int paceMilli(Allocation allocation) {
        return breakage.ailments().paceMilli(allocation.gpus());
    }

    /** Handles the next event. Call this when it is due. */
    void happenNext() {
        long brokenMs = breakage.nextMs();
        if (brokenMs < attempts.nextMs()) {
            latestMs = Math.max(latestMs, brokenMs);
            breakage.happen(latestMs);
            return;
        }
        latestMs = Math.max(latestMs, attempts.nextMs());
        attempts.happenNext().ifPresent(untold::add);
    }

    /** Ends an attempt, and adds its report, which {@code report} creates from the attempt's energy, mJ. */
    void end(RunningAttempt attempt, long atMs, LongFunction<TaskReport> report) {
        long energyMj = attempts.end(attempt, atMs);
        untold.add(report.apply(energyMj));
    }

    /** Applies a slowdown that has begun or ended. */
    void repace(long atMs) {
        attempts.repace(this::paceMilli, atMs);
    }

    /** Sets by how much the rack warms the inlet from {@code atMs} on. */
    void breathe(double rackCelsius, long atMs) {
        latestMs = Math.max(latestMs, atMs);
        attempts.breathe(rackCelsius, atMs);
    }

    Inlet inlet() {
        return inlet;
    }

    /** Makes the node part of a site, and of a rack if not null, until {@link #leave}. */
    void join(Site newSite, long newSeat, @Nullable Rack newRack, long atMs) {
        attempts.join(newSite, () -> newSite.touch(this), atMs);
        site = newSite;
        seat = newSeat;
        rack = newRack;
        if (newRack != null) {
            newRack.add(this, atMs);
        }
    }

    /** Takes the node off its site when it is turned off: out of its rack, and its attempts out of their gangs. */
    public void leave(long atMs) {
        attempts.leave(atMs);
        if (rack != null) {
            rack.remove(this, atMs);
            rack = null;
        }
        if (site != null) {
            site.left(this);
            site = null;
        }
    }

    long filedDueMs() {
        return filedDueMs;
    }

    /** Notes that the node is to be filed again. Returns false if that was already noted. */
    boolean noteMoved() {
        boolean isNew = !hasMoved;
        hasMoved = true;
        return isNew;
    }

    /** Files the node under the time of its next event. */
    void fileIn(DueQueue<NodeModel> byDue) {
        hasMoved = false;
        long dueMs = nextEventMs();
        if (dueMs != filedDueMs) {
            byDue.remove(this);
            filedDueMs = dueMs;
            if (dueMs != NEVER) {
                byDue.add(this);
            }
        }
    }

    private void loadChanged(long atMs) {
        if (rack != null) {
            rack.changed(atMs);
        }
    }
}
