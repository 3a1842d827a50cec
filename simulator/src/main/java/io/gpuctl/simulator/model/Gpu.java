package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.simulator.model.Warming.Rise;
import java.util.ArrayList;
import java.util.List;

/** One GPU: the attempts on it, and their effect on its power, temperature and clock. */
final class Gpu {
    static final long FULL_LOAD_MICRO = 1_000_000;
    private static final long MICROJOULES_PER_MILLIJOULE = 1_000;
    private static final double MILLIWATTS_PER_WATT = 1_000;
    private static final long NANOS_PER_MS = 1_000_000;

    private final HeatLaw law;
    private final Inlet inlet;
    private final List<RunningAttempt> attempts = new ArrayList<>();
    private int usedMilli;
    private long usedMemoryMib;
    /** Load in millionths of the GPU. An integer, so that adding and removing an attempt leaves no rounding error. */
    private long loadMicro;
    /** Share of the dynamic power, in millionths; an integer for the same reason. */
    private long powerMicro;

    private NodeTelemetry.Errors errors = NodeTelemetry.Errors.NONE;

    private long askedMilliwatts;
    private ThermalPath path;
    private long shutdownMs = ThermalPath.NEVER;

    /** The time up to which the sums below are counted. */
    private long settledMs;

    private long microjoules;
    private long idleMicrojoules;
    private long slowedMs;
    private long cappedMs;

    Gpu(HeatLaw law, Inlet inlet, long startMs) {
        this.law = law;
        this.inlet = inlet;
        path = ThermalPath.idle(law, inlet.celsius(), startMs);
        askedMilliwatts = law.idleMilliwatts();
        settledMs = startMs;
    }

    List<RunningAttempt> attempts() {
        return attempts;
    }

    int freeMilli() {
        return GpuRequest.WHOLE - usedMilli;
    }

    long usedMemoryMib() {
        return usedMemoryMib;
    }

    /** Returns when the GPU becomes so hot that it switches itself off, if nothing else changes. */
    long shutdownMs() {
        return shutdownMs;
    }

    ThermalPath path() {
        return path;
    }

    /** Call {@link #replan} in the same millisecond, once all affected GPUs have changed. */
    void add(RunningAttempt attempt, long atMs) {
        settle(atMs);
        attempts.add(attempt);
        change(attempt, 1);
    }

    /** Call {@link #replan} in the same millisecond, once all affected GPUs have changed. */
    void remove(RunningAttempt attempt, long atMs) {
        settle(atMs);
        attempts.remove(attempt);
        change(attempt, -1);
    }

    private void change(RunningAttempt attempt, int sign) {
        Allocation allocation = attempt.allocation();
        usedMilli += sign * allocation.gpuMilli();
        usedMemoryMib += sign * allocation.gpuMemoryMib();
        load(attempt, sign);
        ask();
    }

    /** Call this with -1 before an attempt's load changes and with 1 after it, then {@link #ask}. */
    private void load(RunningAttempt attempt, int sign) {
        loadMicro += sign * attempt.loadMicro();
        powerMicro += sign * attempt.powerMicro();
    }

    private void ask() {
        long before = askedMilliwatts;
        askedMilliwatts = law.milliwatts(load(), law.cappedClockMilli(load()));
        inlet.add(askedMilliwatts - before);
    }

    /** Call this before an attempt on this GPU changes its load, and {@link #hasChanged} after it. */
    void willChange(RunningAttempt attempt, long atMs) {
        settle(atMs);
        load(attempt, -1);
    }

    /** Call {@link #replan} in the same millisecond, once all affected GPUs have changed. */
    void hasChanged(RunningAttempt attempt) {
        load(attempt, 1);
        ask();
    }

    private Load load() {
        return new Load((double) loadMicro / FULL_LOAD_MICRO, (double) powerMicro / FULL_LOAD_MICRO);
    }

    /** Computes the thermal path again, from the present load and inlet. */
    void replan(long atMs) {
        settle(atMs);
        follow(path.with(load(), inlet.celsius(), atMs));
    }

    private void follow(ThermalPath newPath) {
        path = newPath;
        shutdownMs =
                inlet.matters() ? path.firstAtOrAboveMs(law.shutdownCelsius() - inlet.celsius()) : ThermalPath.NEVER;
    }

    SuspendedNode.GpuState suspend(long atMs) {
        Rise rise = path.riseAt(atMs);
        return new SuspendedNode.GpuState(
                rise.die(),
                rise.sink(),
                path.slowdownAt(atMs),
                microjoulesAt(atMs),
                idleMicrojoulesAt(atMs),
                slowedMsAt(atMs),
                cappedMsAt(atMs),
                errors);
    }

    /** Call this once the inlet is restored and the attempts that ran have been {@link #add}ed. */
    void resume(SuspendedNode.GpuState state, long atMs) {
        microjoules = state.microjoules();
        idleMicrojoules = state.idleMicrojoules();
        slowedMs = state.slowedMs();
        cappedMs = state.cappedMs();
        errors = state.errors();
        var rise = new Rise(state.dieKelvins(), state.sinkKelvins());
        follow(ThermalPath.from(law, load(), inlet.celsius(), atMs, rise, state.slowdown()));
    }

    private void settle(long atMs) {
        if (atMs == settledMs) {
            return;
        }
        long drawn = path.microjoules(settledMs, atMs);
        long idle = law.idleMilliwatts() * (atMs - settledMs);
        long left = drawn;
        for (var attempt : attempts) {
            long its = shareOf(attempt, drawn, idle);
            attempt.addMicrojoules(its);
            left -= its;
        }
        microjoules += drawn;
        idleMicrojoules += left;
        slowedMs += path.slowedMs(settledMs, atMs);
        cappedMs += path.isCapped() ? atMs - settledMs : 0;
        settledMs = atMs;
    }

    /** Returns the energy of an attempt on this GPU since the last {@link #settle}. */
    long unsettledMicrojoules(RunningAttempt attempt, long atMs) {
        return shareOf(attempt, path.microjoules(settledMs, atMs), law.idleMilliwatts() * (atMs - settledMs));
    }

    /** Returns whether the attempts on this GPU have only a part of it. */
    boolean isShared() {
        return !attempts.isEmpty() && attempts.getFirst().allocation().gpuMilli() < GpuRequest.WHOLE;
    }

    /** Returns an attempt's part of the GPU's power at {@code atMs}. */
    long milliwattsOf(RunningAttempt attempt, long atMs) {
        return shareOf(attempt, path.milliwattsAt(atMs), law.idleMilliwatts());
    }

    /** Returns an attempt's part of power or energy: idle power by its share of the GPU, the rest by its load. */
    private long shareOf(RunningAttempt attempt, long drawn, long idle) {
        double held = (double) attempt.allocation().gpuMilli() / GpuRequest.WHOLE;
        double loaded = powerMicro == 0 ? 0 : (double) attempt.powerMicro() / powerMicro;
        return (long) (idle * held) + (long) ((drawn - idle) * loaded);
    }

    long microjoulesAt(long atMs) {
        return microjoules + path.microjoules(settledMs, atMs);
    }

    /** Returns for how long heat has lowered the clock. */
    long slowedMsAt(long atMs) {
        return slowedMs + path.slowedMs(settledMs, atMs);
    }

    /** Returns the energy that no attempt accounts for. */
    long idleMicrojoulesAt(long atMs) {
        long left = path.microjoules(settledMs, atMs);
        for (var attempt : attempts) {
            left -= unsettledMicrojoules(attempt, atMs);
        }
        return idleMicrojoules + left;
    }

    HeatLaw law() {
        return law;
    }

    double inletCelsius() {
        return inlet.celsius();
    }

    double celsius(long atMs) {
        return inlet.celsius() + path.kelvinsAt(atMs);
    }

    double watts(long atMs) {
        return path.milliwattsAt(atMs) / MILLIWATTS_PER_WATT;
    }

    long millijoulesAt(long atMs) {
        return microjoulesAt(atMs) / MICROJOULES_PER_MILLIJOULE;
    }

    /** Returns the errors of this GPU. */
    NodeTelemetry.Errors errors() {
        return errors;
    }

    void errors(NodeTelemetry.Errors now) {
        errors = now;
    }

    private int smClockMhz(long atMs) {
        Clocks clocks = law.physics().clocks();
        return loadMicro == 0 ? clocks.idleMhz() : clocks.mhz(path.clockMilliAt(atMs));
    }

    private long thermalViolationNs(long atMs) {
        return NANOS_PER_MS * slowedMsAt(atMs);
    }

    private long powerViolationNs(long atMs) {
        return NANOS_PER_MS * cappedMsAt(atMs);
    }

    private long cappedMsAt(long atMs) {
        return cappedMs + (path.isCapped() ? atMs - settledMs : 0);
    }

    NodeTelemetry.Clocks clocks(long atMs) {
        return new NodeTelemetry.Clocks(
                smClockMhz(atMs),
                law.physics().clocks().memoryMhz(),
                eventReasons(atMs),
                thermalViolationNs(atMs),
                powerViolationNs(atMs));
    }

    private long eventReasons(long atMs) {
        long reasons = (loadMicro == 0 ? NodeTelemetry.Clocks.GPU_IDLE : 0)
                | (path.isCapped() ? NodeTelemetry.Clocks.SW_POWER_CAP : 0);
        return switch (path.slowdownAt(atMs)) {
            case NONE -> reasons;
            case SOFTWARE -> reasons | NodeTelemetry.Clocks.SW_THERMAL_SLOWDOWN;
            case HARDWARE ->
                reasons
                        | NodeTelemetry.Clocks.SW_THERMAL_SLOWDOWN
                        | NodeTelemetry.Clocks.HW_SLOWDOWN
                        | NodeTelemetry.Clocks.HW_THERMAL_SLOWDOWN;
        };
    }
}
