package io.gpuctl.simulator.model;

/**
 * What a GPU's memory shows beside its size.
 *
 * @param reservedMib what the driver keeps for itself, beside what tasks may have, MiB
 * @param idleRiseCelsius how much warmer than the heat sink it is when nothing uses it
 */
public record MemoryTraits(long reservedMib, double idleRiseCelsius) {
    /** HBM cards show between 0.5 and 1 %. */
    public static final double TYPICAL_RESERVED_SHARE = 0.007;

    /** How much warmer than the heat sink at full activity, unless it is as warm when idle; an estimate. */
    private static final double FULL_RISE_CELSIUS = 20;

    public MemoryTraits {
        Rules.require(reservedMib >= 0, "reserved memory is at least 0");
        Rules.require(idleRiseCelsius >= 0, "memory is not cooler than its heat sink");
    }

    /** Above the heat sink, at this activity from 0 to 1. */
    double riseCelsius(double activity) {
        return idleRiseCelsius + Math.max(0, FULL_RISE_CELSIUS - idleRiseCelsius) * activity;
    }
}
