package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeTelemetry;
import java.util.ArrayList;
import java.util.List;

/** One GPU: who runs on it, and what that does to it. */
final class Gpu {
    private static final long FULL_LOAD_MICRO = 1_000_000;

    private final GpuPhysics physics;
    private final List<RunningAttempt> attempts = new ArrayList<>();
    private int usedMilli;
    private long usedMemoryMib;
    /** In millionths of the GPU, not a floating sum: what is added and taken away again leaves no trace. */
    private long loadMicro;

    private ThermalPath path;

    Gpu(HeatLaw law, long startMs) {
        physics = law.physics();
        path = ThermalPath.idle(law, startMs);
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

    ThermalPath path() {
        return path;
    }

    void add(RunningAttempt attempt, long atMs) {
        attempts.add(attempt);
        change(attempt, 1, atMs);
    }

    void remove(RunningAttempt attempt, long atMs) {
        attempts.remove(attempt);
        change(attempt, -1, atMs);
    }

    private void change(RunningAttempt attempt, int sign, long atMs) {
        Allocation allocation = attempt.allocation();
        usedMilli += sign * allocation.gpuMilli();
        usedMemoryMib += sign * allocation.gpuMemoryMib();
        loadMicro += sign * Math.round(allocation.gpuMilli() * 1000 * attempt.utilization());
        path = path.withLoad((double) loadMicro / FULL_LOAD_MICRO, atMs);
    }

    NodeTelemetry.Gpu telemetry(long atMs) {
        boolean throttled = path.isThrottledAt(atMs);
        int loadedClockMhz =
                Math.round((float) physics.fullClockMhz() * path.clockMilliAt(atMs) / GpuPhysics.FULL_CLOCK_MILLI);
        return new NodeTelemetry.Gpu(
                path.utilization(),
                usedMemoryMib,
                path.powerWattsAt(atMs),
                path.celsiusAt(atMs),
                loadMicro == 0 ? physics.idleClockMhz() : loadedClockMhz,
                throttled);
    }
}
