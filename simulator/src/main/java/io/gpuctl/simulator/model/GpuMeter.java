package io.gpuctl.simulator.model;

import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.simulator.model.LoadShape.Units;
import io.gpuctl.simulator.model.Warming.Rise;
import java.util.ArrayList;
import java.util.List;

/** Computes the DCGM metrics of a GPU from the load of its attempts; {@code docs/gpu-model.md} has the rules. */
final class GpuMeter {
    /** DRAM moves data in three quarters of its busy time; an estimate. */
    private static final double DRAM_SHARE = 0.75;

    private static final double BYTES_PER_GB = 1e9;

    private double memory;
    private double sm;
    private double tensor;
    private double pcie;
    private double link;

    private GpuMeter() {}

    static NodeTelemetry.Gpu read(Gpu gpu, long memoryMib, long atMs) {
        var meter = new GpuMeter();
        for (var attempt : gpu.attempts()) {
            meter.add(attempt);
        }
        return meter.sample(gpu, memoryMib, atMs);
    }

    /** Returns the shares of the attempts that share a GPU, at most {@link NodeTelemetry#SHARES_MAX}. */
    static List<NodeTelemetry.Share> shares(List<Gpu> gpus, long atMs) {
        List<NodeTelemetry.Share> shares = new ArrayList<>();
        for (int index = 0; index < gpus.size(); index++) {
            Gpu gpu = gpus.get(index);
            if (gpu.isShared()) {
                for (var attempt : gpu.attempts()) {
                    if (shares.size() < NodeTelemetry.SHARES_MAX) {
                        shares.add(share(index, gpu, attempt, atMs));
                    }
                }
            }
        }
        return shares;
    }

    private static NodeTelemetry.Share share(int index, Gpu gpu, RunningAttempt attempt, long atMs) {
        return new NodeTelemetry.Share(
                index,
                attempt.id(),
                share(attempt.loadMicro() / (double) Gpu.FULL_LOAD_MICRO),
                gpu.milliwattsOf(attempt, atMs) / 1_000.0);
    }

    private void add(RunningAttempt attempt) {
        double load = attempt.loadMicro() / (double) Gpu.FULL_LOAD_MICRO;
        Units units = attempt.units();
        memory += load * units.memory();
        sm += load * units.sm();
        tensor += load * units.tensor();
        pcie += load * units.pcie();
        link += attempt.gpus().size() > 1 ? load * units.link() : 0;
    }

    private NodeTelemetry.Gpu sample(Gpu gpu, long memoryMib, long atMs) {
        Wiring wiring = gpu.law().physics().wiring();
        long pcieBytes = Math.round(share(pcie) * wiring.pcieGbPerS() * BYTES_PER_GB);
        // Half of the bandwidth in each direction.
        long linkBytes = Math.round(share(link) * wiring.linkGbPerS() / 2 * BYTES_PER_GB);
        return new NodeTelemetry.Gpu(
                new NodeTelemetry.Activity(
                        gpu.path().load().compute(),
                        share(memory),
                        share(sm),
                        wiring.hasTensorUnits() ? share(tensor) : 0,
                        DRAM_SHARE * share(memory)),
                framebuffer(gpu, memoryMib),
                sensors(gpu, atMs),
                gpu.clocks(atMs),
                gpu.errors(),
                new NodeTelemetry.Traffic(pcieBytes, pcieBytes, linkBytes, linkBytes));
    }

    private static double share(double sum) {
        return Math.min(1, sum);
    }

    /** Tasks may use all memory of the inventory; the reserved memory is not part of it. */
    private static NodeTelemetry.Framebuffer framebuffer(Gpu gpu, long memoryMib) {
        long usedMib = gpu.usedMemoryMib();
        return new NodeTelemetry.Framebuffer(
                usedMib,
                Math.max(0, memoryMib - usedMib),
                gpu.law().physics().memory().reservedMib());
    }

    private NodeTelemetry.Sensors sensors(Gpu gpu, long atMs) {
        Rise rise = gpu.path().riseAt(atMs);
        double inletCelsius = gpu.inletCelsius();
        return new NodeTelemetry.Sensors(
                gpu.watts(atMs),
                inletCelsius + rise.total(),
                inletCelsius + rise.sink() + gpu.law().physics().memory().riseCelsius(share(memory)),
                gpu.millijoulesAt(atMs));
    }
}
