package io.gpuctl.simulator.model;

import java.util.List;

/**
 * What can be read off one GPU at one moment. Counters go on from the node's start.
 *
 * @param utilization 0 to 1
 * @param memoryUsedMib used memory, MiB
 * @param fanDuty speed of the fans that cool it, 0 to 1
 * @param reasons why the clock is below its highest; in their order, empty if it is not
 * @param energyMillijoules what it has drawn
 * @param thermalViolationNs for how long heat has held its clock down
 * @param powerViolationNs for how long its power limit has
 */
public record GpuReading(
        double utilization,
        long memoryUsedMib,
        double powerWatts,
        double temperatureCelsius,
        double fanDuty,
        int smClockMhz,
        int memoryClockMhz,
        List<ClockEventReason> reasons,
        long energyMillijoules,
        long thermalViolationNs,
        long powerViolationNs) {
    public GpuReading {
        reasons = List.copyOf(reasons);
    }

    /** Whether heat has lowered the clock. */
    public boolean isThrottledByHeat() {
        return reasons.contains(ClockEventReason.SW_THERMAL_SLOWDOWN);
    }
}
