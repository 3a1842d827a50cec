package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.simulator.model.Warming.Rise;
import java.util.ArrayList;
import java.util.List;

/** One GPU: who runs on it, and what that does to it. */
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
    /** In millionths of the GPU, not a floating sum: what is added and taken away again leaves no trace. */
    private long loadMicro;
    /** The same of its dynamic power. */
    private long powerMicro;

    private NodeTelemetry.Errors errors = NodeTelemetry.Errors.NONE;

    private long askedMilliwatts;
    private ThermalPath path;
    private long shutdownMs = ThermalPath.NEVER;

    /** Until then the sums below are counted. */
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

    /** When it is so hot that it switches itself off, if all stays as it is. */
    long shutdownMs() {
        return shutdownMs;
    }

    ThermalPath path() {
        return path;
    }

    /** To be followed by {@link #replan} in the same millisecond, when all GPUs that change have changed. */
    void add(RunningAttempt attempt, long atMs) {
        settle(atMs);
        attempts.add(attempt);
        change(attempt, 1);
    }

    /** To be followed by {@link #replan} in the same millisecond, when all GPUs that change have changed. */
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

    /** To be called before and after an attempt's load changes, with -1 and 1, then {@link #ask}. */
    private void load(RunningAttempt attempt, int sign) {
        loadMicro += sign * attempt.loadMicro();
        powerMicro += sign * attempt.powerMicro();
    }

    private void ask() {
        long before = askedMilliwatts;
        askedMilliwatts = law.milliwatts(load(), law.cappedClockMilli(load()));
        inlet.add(askedMilliwatts - before);
    }

    /** Before an attempt that it runs changes its load; then {@link #hasChanged} follows. */
    void willChange(RunningAttempt attempt, long atMs) {
        settle(atMs);
        load(attempt, -1);
    }

    /** To be followed by {@link #replan} in the same millisecond, when all GPUs that change have changed. */
    void hasChanged(RunningAttempt attempt) {
        load(attempt, 1);
        ask();
    }

    private Load load() {
        return new Load((double) loadMicro / FULL_LOAD_MICRO, (double) powerMicro / FULL_LOAD_MICRO);
    }

    /** Finds the future anew, from the load and the inlet as they are now. */
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

    /** To be called when the inlet is as it was, and the attempts that ran have been {@link #add}ed. */
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

    /** What an attempt has drawn here since the last {@link #settle}. */
    long unsettledMicrojoules(RunningAttempt attempt, long atMs) {
        return shareOf(attempt, path.microjoules(settledMs, atMs), law.idleMilliwatts() * (atMs - settledMs));
    }

    /** Whether attempts that run on it have only a part of it. */
    boolean isShared() {
        return !attempts.isEmpty() && attempts.getFirst().allocation().gpuMilli() < GpuRequest.WHOLE;
    }

    /** An attempt's part of its power now, milliwatts. */
    long milliwattsOf(RunningAttempt attempt, long atMs) {
        return shareOf(attempt, path.milliwattsAt(atMs), law.idleMilliwatts());
    }

    /** Of the idle power, or energy, as it holds of the GPU; of the rest as it makes the GPU draw it. */
    private long shareOf(RunningAttempt attempt, long drawn, long idle) {
        double held = (double) attempt.allocation().gpuMilli() / GpuRequest.WHOLE;
        double loaded = powerMicro == 0 ? 0 : (double) attempt.powerMicro() / powerMicro;
        return (long) (idle * held) + (long) ((drawn - idle) * loaded);
    }

    long microjoulesAt(long atMs) {
        return microjoules + path.microjoules(settledMs, atMs);
    }

    /** For how long heat has held its clock down. */
    long slowedMsAt(long atMs) {
        return slowedMs + path.slowedMs(settledMs, atMs);
    }

    /** What no attempt accounts for. */
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

    /** What has gone wrong on it; nothing, if nobody says so. */
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
