package io.gpuctl.experiments.engine;

import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.telemetry.conditions.ConditionSmoother;
import org.jspecify.annotations.Nullable;

/**
 * Measures one node and smooths the measurements.
 *
 * <p>While nothing on a node changes, its samples would be alike and lead to nothing. So the sensor rests until the
 * node's load changes. Then one sample, from just before the change, makes up for the samples left out: smoothing over
 * equal samples gives the same in one step as in many.
 */
final class NodeSensor {
    /** A hundredth of the change that makes a new condition. */
    private static final double STILL_CELSIUS = 0.02;

    private static final double STILL_UTILIZATION = 0.001;
    private static final double STILL_WATTS = 0.2;

    private final Sensing sensing;
    private final ConditionSmoother smoother;
    private ConditionSmoother.@Nullable Smoothed smoothed;
    private @Nullable NodeTelemetry newest;
    private @Nullable NodeTelemetry before;

    NodeSensor(Sensing sensing) {
        this.sensing = sensing;
        smoother = sensing.smoother();
    }

    /** Takes a sample. Returns the condition if it differs from the last one returned, else null. */
    @Nullable
    NodeCondition measure(NodeModel model, long nowMs) {
        NodeTelemetry sample = model.telemetry(nowMs);
        ConditionSmoother.Step step = smoother.sample(smoothed, sample);
        smoothed = step.next();
        before = newest;
        newest = sample;
        return step.emitted();
    }

    /**
     * Makes up for the samples that a resting node left out; call before the node changes. Until now, the node was as
     * its newest sample says.
     */
    @Nullable
    NodeCondition catchUp(NodeModel model, long nowMs) {
        long lastMs = sensing.lastBeforeMs(nowMs);
        boolean hasRested = newest != null && newest.atMs() < lastMs && lastMs < model.nextEventMs();
        return hasRested ? measure(model, lastMs) : null;
    }

    /** Returns the newest sample; null before the first. */
    @Nullable
    NodeTelemetry newest() {
        return newest;
    }

    /** Forgets all samples, because the node has restarted. */
    void forget() {
        smoothed = null;
        newest = null;
        before = null;
    }

    /** Returns whether samples no longer change, and the smoothing has caught up with them. */
    boolean isAtRest() {
        NodeTelemetry now = newest;
        NodeTelemetry earlier = before;
        ConditionSmoother.Smoothed known = smoothed;
        if (now == null || earlier == null || known == null) {
            return false;
        }
        for (int gpu = 0; gpu < now.gpus().size(); gpu++) {
            NodeTelemetry.Gpu sample = now.gpus().get(gpu);
            if (!isLike(earlier.gpus().get(gpu), sample)
                    || !isLike(known.smoothed().gpus().get(gpu), sample)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLike(NodeTelemetry.Gpu earlier, NodeTelemetry.Gpu now) {
        return earlier.throttled() == now.throttled()
                && earlier.memoryUsedMib() == now.memoryUsedMib()
                && isWithin(STILL_CELSIUS, earlier.temperatureCelsius(), now.temperatureCelsius())
                && isWithin(STILL_UTILIZATION, earlier.utilization(), now.utilization())
                && isWithin(STILL_WATTS, earlier.powerWatts(), now.powerWatts());
    }

    private static boolean isLike(NodeCondition.Gpu smoothed, NodeTelemetry.Gpu now) {
        return smoothed.memoryUsedMib() == now.memoryUsedMib()
                && isWithin(STILL_CELSIUS, smoothed.temperatureCelsius(), now.temperatureCelsius())
                && isWithin(STILL_UTILIZATION, smoothed.utilization(), now.utilization())
                && isWithin(STILL_WATTS, smoothed.powerWatts(), now.powerWatts());
    }

    private static boolean isWithin(double tolerance, double a, double b) {
        return Math.abs(a - b) < tolerance;
    }
}
