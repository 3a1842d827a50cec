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
 * One simulated node: it starts, runs and stops attempts, and its GPUs draw power, warm up and throttle under them.
 *
 * <p>Not thread-safe. Time is cluster time in ms, and never goes back: an earlier time than one seen before counts as that
 * one. What happens between two calls is solved in closed form, so how often {@link #advance} is called changes nothing
 * but when the reports come out; they carry the times at which things happened. Nodes of one {@link Site} are to be taken
 * through time together.
 *
 * <p>Attempts on one GPU share it: their loads (share x utilization) and their memory add up, and all work at its clock.
 * An attempt on several GPUs works at the clock of the slowest, on other nodes of its {@link Site} too. What a GPU draws is
 * theirs too: see {@link #energy}.
 */
public final class NodeModel {
    /** Nothing will happen by itself. */
    public static final long NEVER = ThermalPath.NEVER;

    /** What a node answers with that refuses to start an attempt. */
    public static final int REFUSED_EXIT_CODE = -1;

    /** For the order in which a site files its nodes. */
    static final Comparator<NodeModel> BY_FILED_DUE =
            Comparator.comparingLong((NodeModel node) -> node.filedDueMs).thenComparingLong(node -> node.seat);

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
    /** Its place on the site among nodes that are due at the same moment. */
    private long seat;
    /** When its next event was due at the time when its site last filed it. */
    private long filedDueMs = NEVER;
    /** What happened, and has not been returned yet. */
    private List<TaskReport> untold = new ArrayList<>();

    /** As below, with nobody who is told what attempts draw. */
    public NodeModel(NodeInventory inventory, long incarnation, GpuPhysics physics, long startMs) {
        this(inventory, incarnation, physics, startMs, EnergyMeter.NONE);
    }

    /**
     * A node with nothing running, and its GPUs as warm as idling makes them.
     *
     * @param incarnation the start of the node that this is; commands for another one are ignored
     * @param meter is told what each attempt has drawn when it ends
     */
    public NodeModel(NodeInventory inventory, long incarnation, GpuPhysics physics, long startMs, EnergyMeter meter) {
        this(inventory, incarnation, physics, startMs, meter, Habits.QUIET);
    }

    /** As above, with other habits. */
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
     * A node that goes on at {@code atMs} as it stood when it was suspended: under the same incarnation, with the same
     * attempts. It must have the same inventory.
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
     * All that it needs to go on later. What it has to say must have been taken: {@link #advance} to {@code nowMs} and
     * {@link #events} first.
     *
     * @throws IllegalStateException if something happens before
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
     * What a node does besides its commands.
     *
     * @param progress when it says how far its attempts are
     * @param thermalRepairMs draws for how long a GPU is out that has become too hot, ms
     */
    public record Habits(ProgressReports progress, LongSupplier thermalRepairMs) {
        private static final long HALF_AN_HOUR_MS = 1_800_000;

        public static final Habits QUIET = new Habits(ProgressReports.NEVER, () -> HALF_AN_HOUR_MS);
    }

    public NodeInventory inventory() {
        return inventory;
    }

    /** What it is made of, as it says itself when it registers: with what its driver says of its GPUs. */
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
     * Runs an attempt from {@code nowMs} on, unless it is running or was seen to its end already. One that does not fit
     * is answered with {@link Failed} and {@link #REFUSED_EXIT_CODE}.
     *
     * @return what happened until now, in the order of time
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
        capacity.whyNot(command.allocation())
                .ifPresentOrElse(
                        reason -> {
                            attempts.refuse(id);
                            reports.add(
                                    new Failed(TaskReport.Source.of(command), id, REFUSED_EXIT_CODE, reason, latestMs));
                        },
                        () -> {
                            attempts.begin(command, paceMilli(command.allocation()), latestMs);
                            reports.add(new Started(TaskReport.Source.of(command), id, latestMs));
                            reports.addAll(advance(latestMs));
                        });
        return reports;
    }

    /**
     * Stops an attempt, and saves what it has done if it makes no checkpoints. One that is unknown or done is answered
     * with {@link Stopped} too, and will not be started.
     *
     * @return what happened until now, in the order of time
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
     * Lets time pass.
     *
     * @return what happened until now, in the order of time, then of attempts; a list of the caller's own
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

    /** The earliest time at which something happens by itself, or {@link #NEVER}. */
    public long nextEventMs() {
        if (rack == null) {
            return ownNextEventMs();
        }
        return untold.isEmpty() && !breakage.hasWord() ? Math.min(ownNextEventMs(), rack.dueMs()) : latestMs;
    }

    /** As above, without what its rack does. */
    long ownNextEventMs() {
        return Math.min(attempts.nextMs(), breakage.nextMs());
    }

    /**
     * Something breaks. A crash or a partition is not for the node itself, but for who runs it. A GPU that is out already
     * has nothing more to lose, and one that is too cool for it is spared.
     *
     * @param fault what; it happens at {@code nowMs}
     * @return what happened until now, in the order of time
     */
    public List<TaskReport> fault(Fault fault, long nowMs) {
        List<TaskReport> reports = advance(nowMs);
        breakage.strike(fault, latestMs);
        reports.addAll(advance(latestMs));
        return reports;
    }

    /** Whether its GPU is as warm at {@code nowMs} as this fault needs it to be, if all stays as it is until then. */
    public boolean isWarmEnough(Fault fault, long nowMs) {
        return breakage.isWarmEnough(fault, Math.max(latestMs, nowMs));
    }

    /**
     * What the node has to say of itself since it was last asked, in the order of time: to be asked after each call that
     * lets time pass, and told before the reports of that call.
     */
    public List<NodeEvent> events() {
        moved();
        return breakage.take();
    }

    /** When it must be started anew, as something on it is then repaired that needs that; {@link #NEVER} if nothing does. */
    public long restartMs() {
        return breakage.ailments().restartMs();
    }

    TaskReport.Source source() {
        return source;
    }

    /**
     * What the node measures at {@code nowMs}.
     *
     * @throws IllegalStateException if something happens before: {@link #advance} first
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
     * What the GPUs have drawn until {@code nowMs}, and for whom.
     *
     * @throws IllegalStateException if something happens before: {@link #advance} first
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
     * For how long heat has held clocks down until {@code nowMs}, summed over the GPUs.
     *
     * @throws IllegalStateException if something happens before: {@link #advance} first
     */
    public long slowedMs(long nowMs) {
        requireAdvanced(nowMs);
        return gpus.stream().mapToLong(gpu -> gpu.slowedMsAt(latestMs)).sum();
    }

    /**
     * What each attempt that runs has drawn until {@code nowMs}, in millionths of a joule, in the order of their ids.
     *
     * @throws IllegalStateException if something happens before: {@link #advance} first
     */
    public SortedMap<AttemptId, Long> attemptMicrojoules(long nowMs) {
        requireAdvanced(nowMs);
        SortedMap<AttemptId, Long> drawn = new TreeMap<>();
        attempts.all().forEach(attempt -> drawn.put(attempt.id(), attempt.microjoulesAt(latestMs)));
        return drawn;
    }

    /** Notes what has gone wrong on a GPU, for what it measures from now on. */
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

    /** The attempts that run, in the order of their ids. */
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

    /** To be called when something is due. */
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

    /** The report is made of what the attempt has drawn, mJ. */
    void end(RunningAttempt attempt, long atMs, LongFunction<TaskReport> report) {
        long energyMj = attempts.end(attempt, atMs);
        untold.add(report.apply(energyMj));
    }

    /** Something that slows work down has begun or ended. */
    void repace(long atMs) {
        attempts.repace(this::paceMilli, atMs);
    }

    /** From then on its rack warms its inlet by so much. */
    void breathe(double rackCelsius, long atMs) {
        latestMs = Math.max(latestMs, atMs);
        attempts.breathe(rackCelsius, atMs);
    }

    Inlet inlet() {
        return inlet;
    }

    /** It is part of this site from then on, until it {@link #leave}s, and stands in this rack, if in any. */
    void join(Site newSite, long newSeat, @Nullable Rack newRack, long atMs) {
        attempts.join(newSite, () -> newSite.touch(this), atMs);
        site = newSite;
        seat = newSeat;
        rack = newRack;
        if (newRack != null) {
            newRack.add(this, atMs);
        }
    }

    /** It is turned off: its rack no longer counts with it, nor do gangs that have a part on it. */
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

    void file(long dueMs) {
        filedDueMs = dueMs;
    }

    private void loadChanged(long atMs) {
        if (rack != null) {
            rack.changed(atMs);
        }
    }
}
