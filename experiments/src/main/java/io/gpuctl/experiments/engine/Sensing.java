package io.gpuctl.experiments.engine;

import io.gpuctl.telemetry.conditions.ConditionSmoother;

/**
 * How nodes are measured.
 *
 * @param periodMs between two samples of a node, at whole multiples of it
 */
public record Sensing(long periodMs) {
    /** Live nodes measure once a second. */
    private static final double LIVE_PERIOD_MS = 1_000;

    public Sensing {
        if (periodMs < 1) {
            throw new IllegalArgumentException("The period is %d ms, but must be at least 1".formatted(periodMs));
        }
    }

    /** It smooths as many samples as live, however far apart they are. */
    ConditionSmoother smoother() {
        return ConditionSmoother.atSpeed(periodMs / LIVE_PERIOD_MS);
    }

    /** The first time to measure after {@code atMs}. */
    long nextAfterMs(long atMs) {
        return Math.floorDiv(atMs, periodMs) * periodMs + periodMs;
    }

    /** The last time to measure before {@code atMs}. */
    long lastBeforeMs(long atMs) {
        return Math.floorDiv(atMs - 1, periodMs) * periodMs;
    }
}
