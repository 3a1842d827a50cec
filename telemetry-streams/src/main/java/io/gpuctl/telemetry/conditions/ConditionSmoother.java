package io.gpuctl.telemetry.conditions;

import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeTelemetry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node's telemetry becomes its condition: each quantity of each GPU is smoothed exponentially, <i>s</i> += (1 -
 * exp(-<i>dt</i> / <i>tau</i>)) (<i>x</i> - <i>s</i>). A condition is emitted only when one GPU has moved away from what
 * was emitted last by as much as matters to a scheduler: every emitted condition becomes a fact, and facts are kept for
 * ever.
 *
 * @param timeConstantMs <i>tau</i>, ms of cluster time
 * @param minIntervalMs between two conditions of a node, ms of cluster time
 */
public record ConditionSmoother(long timeConstantMs, long minIntervalMs) {
    static final double TEMPERATURE_CHANGE_CELSIUS = 2;
    static final double UTILIZATION_CHANGE = 0.1;

    /** A change of power matters from a tenth on, and from 20 W: an idle GPU's tenth is noise. */
    static final double POWER_CHANGE_SHARE = 0.1;

    static final double POWER_CHANGE_WATTS_MIN = 20;

    /** A change of used memory matters from a twentieth on, and from 1 GiB. */
    static final double MEMORY_CHANGE_SHARE = 0.05;

    static final long MEMORY_CHANGE_MIB_MIN = 1024;

    /** A sample that is older than the newest by more than this means that the node's clock was set back. */
    private static final int TIME_CONSTANTS_BACK_MAX = 60;

    /** 5 s smooth out the noise, and follow a GPU's heat, which takes half a minute. */
    private static final long TIME_CONSTANT_WALL_MS = 5_000;

    private static final long MIN_INTERVAL_WALL_MS = 1_000;

    public ConditionSmoother {
        if (timeConstantMs < 1 || minIntervalMs < 0) {
            throw new IllegalArgumentException("time constant " + timeConstantMs + " ms, interval " + minIntervalMs);
        }
    }

    /** Nodes measure in wall time, so what is a second to them is longer in a cluster whose time runs faster. */
    public static ConditionSmoother atSpeed(double speed) {
        return new ConditionSmoother(
                Math.max(1, Math.round(TIME_CONSTANT_WALL_MS * speed)), Math.round(MIN_INTERVAL_WALL_MS * speed));
    }

    /**
     * What is known of a node.
     *
     * @param smoothed the newest sample is in it, not rounded
     * @param emitted the last condition that was emitted
     */
    public record Smoothed(NodeCondition smoothed, NodeCondition emitted) {
        /** After a restart only the last condition is known: smoothing goes on from it. */
        public static Smoothed resumed(NodeCondition emitted) {
            return new Smoothed(emitted, emitted);
        }
    }

    /**
     * What a sample led to.
     *
     * @param emitted to be written; null if nothing has changed enough
     */
    public record Step(Smoothed next, @Nullable NodeCondition emitted) {}

    /**
     * Takes one sample. One that is not newer than the newest changes nothing.
     *
     * @param before null for the first sample of a node, which is emitted at once
     */
    public Step sample(@Nullable Smoothed before, NodeTelemetry sample) {
        if (before == null || mustBeginAnew(before, sample)) {
            NodeCondition measured = measured(sample);
            NodeCondition emitted = rounded(measured);
            return new Step(new Smoothed(measured, emitted), emitted);
        }
        long elapsedMs = sample.atMs() - before.smoothed().atMs();
        if (elapsedMs <= 0) {
            return new Step(before, null);
        }
        NodeCondition smoothed = smooth(before.smoothed(), sample, 1 - Math.exp(-(double) elapsedMs / timeConstantMs));
        if (sample.atMs() - before.emitted().atMs() < minIntervalMs || !differs(before.emitted(), smoothed)) {
            return new Step(new Smoothed(smoothed, before.emitted()), null);
        }
        NodeCondition emitted = rounded(smoothed);
        return new Step(new Smoothed(smoothed, emitted), emitted);
    }

    private boolean mustBeginAnew(Smoothed before, NodeTelemetry sample) {
        return before.smoothed().gpus().size() != sample.gpus().size()
                || !before.smoothed().pool().equals(sample.pool())
                || before.smoothed().atMs() - sample.atMs() > TIME_CONSTANTS_BACK_MAX * timeConstantMs;
    }

    private static NodeCondition measured(NodeTelemetry sample) {
        List<NodeCondition.Gpu> gpus = new ArrayList<>(sample.gpus().size());
        for (NodeTelemetry.Gpu gpu : sample.gpus()) {
            gpus.add(new NodeCondition.Gpu(
                    gpu.temperatureCelsius(), gpu.utilization(), gpu.powerWatts(), gpu.memoryUsedMib()));
        }
        return new NodeCondition(sample.nodeId(), sample.pool(), sample.atMs(), gpus);
    }

    /** Memory is not noisy: it is taken as it is. */
    private static NodeCondition smooth(NodeCondition before, NodeTelemetry sample, double weight) {
        List<NodeCondition.Gpu> gpus = new ArrayList<>(sample.gpus().size());
        for (int i = 0; i < sample.gpus().size(); i++) {
            NodeCondition.Gpu old = before.gpus().get(i);
            NodeTelemetry.Gpu measured = sample.gpus().get(i);
            gpus.add(new NodeCondition.Gpu(
                    toward(old.temperatureCelsius(), measured.temperatureCelsius(), weight),
                    toward(old.utilization(), measured.utilization(), weight),
                    toward(old.powerWatts(), measured.powerWatts(), weight),
                    measured.memoryUsedMib()));
        }
        return new NodeCondition(sample.nodeId(), sample.pool(), sample.atMs(), gpus);
    }

    private static double toward(double from, double to, double weight) {
        return from + weight * (to - from);
    }

    private static boolean differs(NodeCondition emitted, NodeCondition smoothed) {
        for (int i = 0; i < smoothed.gpus().size(); i++) {
            if (differs(emitted.gpus().get(i), smoothed.gpus().get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean differs(NodeCondition.Gpu emitted, NodeCondition.Gpu now) {
        double powerChangeMin = Math.max(POWER_CHANGE_WATTS_MIN, POWER_CHANGE_SHARE * emitted.powerWatts());
        double memoryChangeMin = Math.max(MEMORY_CHANGE_MIB_MIN, MEMORY_CHANGE_SHARE * emitted.memoryUsedMib());
        return Math.abs(now.temperatureCelsius() - emitted.temperatureCelsius()) >= TEMPERATURE_CHANGE_CELSIUS
                || Math.abs(now.utilization() - emitted.utilization()) >= UTILIZATION_CHANGE
                || Math.abs(now.powerWatts() - emitted.powerWatts()) >= powerChangeMin
                || Math.abs(now.memoryUsedMib() - emitted.memoryUsedMib()) >= memoryChangeMin;
    }

    /** Short in JSON, and as exact as any scheduler needs. */
    private static NodeCondition rounded(NodeCondition condition) {
        List<NodeCondition.Gpu> gpus = new ArrayList<>(condition.gpus().size());
        for (NodeCondition.Gpu gpu : condition.gpus()) {
            gpus.add(new NodeCondition.Gpu(
                    Math.round(gpu.temperatureCelsius() * 2) / 2.0,
                    Math.round(gpu.utilization() * 100) / 100.0,
                    Math.round(gpu.powerWatts()),
                    gpu.memoryUsedMib()));
        }
        return new NodeCondition(condition.nodeId(), condition.pool(), condition.atMs(), gpus);
    }
}
