package io.gpuctl.telemetry.conditions;

import io.gpuctl.events.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * The present state of the GPUs of all nodes that sent telemetry recently.
 *
 * @param meanUtilization over all GPUs, 0 to 1; 0 without GPUs
 * @param throttledGpus GPUs whose clock is lowered by heat
 * @param hottest absent without GPUs
 */
public record TelemetrySummary(
        int nodes,
        int gpus,
        double meanUtilization,
        double totalPowerWatts,
        int throttledGpus,
        @Nullable HottestGpu hottest) {
    public static final TelemetrySummary EMPTY = new TelemetrySummary(0, 0, 0, 0, 0, null);

    /**
     * The GPU with the highest temperature.
     *
     * @param gpu index in its node
     */
    public record HottestGpu(NodeId nodeId, int gpu, double temperatureCelsius) {}

    /** Returns the sum of two summaries, of different partitions or instances. */
    public TelemetrySummary plus(TelemetrySummary other) {
        int gpusTogether = gpus + other.gpus;
        double utilization =
                gpusTogether == 0 ? 0 : (meanUtilization * gpus + other.meanUtilization * other.gpus) / gpusTogether;
        return new TelemetrySummary(
                nodes + other.nodes,
                gpusTogether,
                utilization,
                totalPowerWatts + other.totalPowerWatts,
                throttledGpus + other.throttledGpus,
                hotter(hottest, other.hottest));
    }

    /** Returns the hotter GPU; in a tie, the one with the lower node id and index. */
    private static @Nullable HottestGpu hotter(@Nullable HottestGpu left, @Nullable HottestGpu right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        int byTemperature = Double.compare(left.temperatureCelsius(), right.temperatureCelsius());
        if (byTemperature != 0) {
            return byTemperature > 0 ? left : right;
        }
        int byNode = left.nodeId().compareTo(right.nodeId());
        return byNode < 0 || (byNode == 0 && left.gpu() <= right.gpu()) ? left : right;
    }
}
