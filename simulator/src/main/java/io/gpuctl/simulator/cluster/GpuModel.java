package io.gpuctl.simulator.cluster;

import io.gpuctl.simulator.model.GpuPhysics;

/**
 * What is known of a GPU model; the defaults of a node's inventory.
 *
 * @param fullClockMhz clock under load
 * @param idleClockMhz clock without load
 */
public record GpuModel(
        String name,
        long memoryMib,
        double idlePowerWatts,
        double limitPowerWatts,
        double slowdownCelsius,
        int fullClockMhz,
        int idleClockMhz) {
    public GpuPhysics physics() {
        return GpuPhysics.ofClocks(fullClockMhz, idleClockMhz);
    }
}
