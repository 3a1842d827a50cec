package io.gpuctl.telemetry.conditions;

import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeTelemetry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a node's telemetry into its condition. Each quantity of each GPU is smoothed exponentially, <i>s</i> += (1 -
 * exp(-<i>dt</i> / <i>tau</i>)) (<i>x</i> - <i>s</i>). A condition is emitted only when a GPU differs from the last
 * emitted condition by enough to matter to a scheduler: every emitted condition becomes a fact, and facts are kept
 * forever.
 *
 * @param timeConstantMs <i>tau</i>, ms of cluster time
 * @param minIntervalMs shortest time between two conditions of a node, ms of cluster time
 */
public record ConditionSmoother(long timeConstantMs, long minIntervalMs) {
    static final double TEMPERATURE_CHANGE_CELSIUS = 2;
    static final double UTILIZATION_CHANGE = 0.1;

    /** A change of power counts if it is at least a tenth and at least 20 W: a tenth of idle power is noise. */
    static final double POWER_CHANGE_SHARE = 0.1;

    static final double POWER_CHANGE_WATTS_MIN = 20;

    /** A change of used memory counts if it is at least a twentieth and at least 1 GiB. */
    static final double MEMORY_CHANGE_SHARE = 0.05;

    static final long MEMORY_CHANGE_MIB_MIN = 1024;

    /** The maximum age of a late sample, in time constants: the clock of a node with an older sample was set back. */
    private static final int TIME_CONSTANTS_BACK_MAX = 60;

    /** 5 s smooth out noise, and still follow a GPU's temperature, which takes half a minute to settle. */
    private static final long TIME_CONSTANT_WALL_MS = 5_000;

    private static final long MIN_INTERVAL_WALL_MS = 1_000;

    public ConditionSmoother {
        if (timeConstantMs < 1 || minIntervalMs < 0) {
            throw new IllegalArgumentException(
                    "The time constant must be at least 1 ms and the interval at least 0 ms, not " + timeConstantMs
                            + " ms and " + minIntervalMs + " ms");
        }
    }

    /** Returns a smoother for a cluster at this speed. Nodes measure in wall time, not in cluster time. */
    public static ConditionSmoother atSpeed(double speed) {
        return new ConditionSmoother(
                Math.max(1, Math.round(TIME_CONSTANT_WALL_MS * speed)), Math.round(MIN_INTERVAL_WALL_MS * speed));
    }

    /**
     * The smoothing state of a node.
     *
     * @param smoothed condition with the newest sample, not rounded
     * @param emitted last emitted condition
     */
    public record Smoothed(NodeCondition smoothed, NodeCondition emitted) {
        /** Returns the state after a restart, from the last emitted condition. */
        public static Smoothed resumed(NodeCondition emitted) {
            return new Smoothed(emitted, emitted);
        }
    }

    /**
     * The result of a sample.
     *
     * @param emitted condition to write; null if the change is too small
     */
    public record Step(Smoothed next, @Nullable NodeCondition emitted) {}

    /**
     * Adds a sample. A sample that is not newer than the last one changes nothing.
     *
     * @param before null for the first sample of a node, whose condition is emitted at once
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

    /** Memory is not noisy, so it is not smoothed. */
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

    /** Rounds to the precision that a scheduler needs, so that the JSON is short. */
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
