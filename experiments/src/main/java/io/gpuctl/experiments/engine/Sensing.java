package io.gpuctl.experiments.engine;

import io.gpuctl.telemetry.conditions.ConditionSmoother;

/**
 * The schedule by which nodes are measured.
 *
 * @param periodMs time between two samples of a node, which are taken at whole multiples of the period
 */
public record Sensing(long periodMs) {
    /** Live nodes measure once a second. */
    private static final double LIVE_PERIOD_MS = 1_000;

    public Sensing {
        if (periodMs < 1) {
            throw new IllegalArgumentException("The period is %d ms, but must be at least 1".formatted(periodMs));
        }
    }

    /** Returns a smoother over as many samples as in a live cluster, however far apart they are. */
    ConditionSmoother smoother() {
        return ConditionSmoother.atSpeed(periodMs / LIVE_PERIOD_MS);
    }

    /** Returns the first time to measure after {@code atMs}. */
    long nextAfterMs(long atMs) {
        return Math.floorDiv(atMs, periodMs) * periodMs + periodMs;
    }

    /** Returns the last time to measure before {@code atMs}. */
    long lastBeforeMs(long atMs) {
        return Math.floorDiv(atMs - 1, periodMs) * periodMs;
    }
}
