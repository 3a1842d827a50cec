package io.gpuctl.simulator.model;

/**
 * Reserved size and temperature of a GPU's memory.
 *
 * @param reservedMib memory that the driver reserves, in addition to what tasks may use, MiB
 * @param idleRiseCelsius how much warmer than the heat sink the memory is when idle
 */
public record MemoryTraits(long reservedMib, double idleRiseCelsius) {
    /** HBM cards report between 0.5 and 1 %. */
    public static final double TYPICAL_RESERVED_SHARE = 0.007;

    /** The rise above the heat sink at full activity, unless idleRiseCelsius is higher; an estimate. */
    private static final double FULL_RISE_CELSIUS = 20;

    public MemoryTraits {
        Rules.require(reservedMib >= 0, "reserved memory must be at least 0");
        Rules.require(idleRiseCelsius >= 0, "memory must not be cooler than its heat sink");
    }

    /** Returns the rise above the heat sink at an activity from 0 to 1. */
    double riseCelsius(double activity) {
        return idleRiseCelsius + Math.max(0, FULL_RISE_CELSIUS - idleRiseCelsius) * activity;
    }
}
