package io.gpuctl.telemetry.conditions;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import org.jspecify.annotations.Nullable;

/** Aggregates telemetry samples into windows. */
public final class TelemetryWindows {
    public static final long SIZE_MS = 10_000;

    /** The time before a node's newest sample for which its windows are kept, ms of cluster time. */
    public static final long KEPT_MS = 3_600_000;

    private TelemetryWindows() {}

    /** Returns the start of the window of a sample with this time. */
    public static long startMs(long atMs) {
        return Math.floorDiv(atMs, SIZE_MS) * SIZE_MS;
    }

    /**
     * Returns the window with one more sample.
     *
     * @param before null for the window's first sample
     */
    public static TelemetryWindow add(@Nullable TelemetryWindow before, NodeTelemetry sample) {
        TelemetryWindow alone = of(sample);
        if (before == null) {
            return alone;
        }
        int samples = before.samples() + 1;
        return new TelemetryWindow(
                before.startMs(),
                samples,
                mean(before.meanUtilization(), alone.meanUtilization(), samples),
                mean(before.meanPowerWatts(), alone.meanPowerWatts(), samples),
                Math.max(before.maxPowerWatts(), alone.maxPowerWatts()),
                mean(before.meanTemperatureCelsius(), alone.meanTemperatureCelsius(), samples),
                Math.max(before.maxTemperatureCelsius(), alone.maxTemperatureCelsius()),
                mean(before.throttledShare(), alone.throttledShare(), samples));
    }

    /** Returns one node's part of a {@link TelemetrySummary}. */
    public static TelemetrySummary summary(NodeTelemetry sample) {
        double utilizationSum = 0;
        double powerWatts = 0;
        int throttled = 0;
        int hottest = 0;
        for (int i = 0; i < sample.gpus().size(); i++) {
            NodeTelemetry.Gpu gpu = sample.gpus().get(i);
            utilizationSum += gpu.utilization();
            powerWatts += gpu.powerWatts();
            throttled += gpu.throttled() ? 1 : 0;
            hottest = gpu.temperatureCelsius() > sample.gpus().get(hottest).temperatureCelsius() ? i : hottest;
        }
        int gpus = sample.gpus().size();
        return new TelemetrySummary(
                1,
                gpus,
                gpus == 0 ? 0 : utilizationSum / gpus,
                powerWatts,
                throttled,
                gpus == 0 ? null : hottest(sample.nodeId(), hottest, sample));
    }

    private static TelemetrySummary.HottestGpu hottest(NodeId nodeId, int gpu, NodeTelemetry sample) {
        return new TelemetrySummary.HottestGpu(
                nodeId, gpu, sample.gpus().get(gpu).temperatureCelsius());
    }

    private static TelemetryWindow of(NodeTelemetry sample) {
        TelemetrySummary summary = summary(sample);
        double temperatureSum = 0;
        double temperatureMax = sample.gpus().isEmpty() ? 0 : Double.NEGATIVE_INFINITY;
        for (NodeTelemetry.Gpu gpu : sample.gpus()) {
            temperatureSum += gpu.temperatureCelsius();
            temperatureMax = Math.max(temperatureMax, gpu.temperatureCelsius());
        }
        int gpus = Math.max(1, sample.gpus().size());
        return new TelemetryWindow(
                startMs(sample.atMs()),
                1,
                summary.meanUtilization(),
                summary.totalPowerWatts(),
                summary.totalPowerWatts(),
                temperatureSum / gpus,
                temperatureMax,
                (double) summary.throttledGpus() / gpus);
    }

    private static double mean(double meanBefore, double value, int samples) {
        return meanBefore + (value - meanBefore) / samples;
    }
}
