package io.gpuctl.simulator.model;

import io.gpuctl.events.NodeInventory;

/**
 * Power and heat of one GPU under a constant load, in closed form.
 *
 * <p>{@link StrictMath}, not {@link Math}: the last bit may decide in which millisecond a task ends, and must be the same
 * on every machine.
 */
record HeatLaw(NodeInventory inventory, GpuPhysics physics) {
    /** A time that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    double slowdownCelsius() {
        return inventory.slowdownCelsius();
    }

    /** Where a throttled GPU gets its full clock back. */
    double releaseCelsius() {
        return inventory.slowdownCelsius() - physics.hysteresisCelsius();
    }

    int clockMilli(boolean throttled) {
        return throttled ? physics.throttledClockMilli() : GpuPhysics.FULL_CLOCK_MILLI;
    }

    double powerWatts(double utilization, boolean throttled) {
        double idleWatts = inventory.gpuIdlePowerWatts();
        double dynamicWatts = (inventory.gpuLimitPowerWatts() - idleWatts) * utilization;
        return idleWatts + dynamicWatts * clockMilli(throttled) / GpuPhysics.FULL_CLOCK_MILLI;
    }

    /** The temperature that the GPU tends to. */
    double steadyCelsius(double utilization, boolean throttled) {
        double limitWatts = inventory.gpuLimitPowerWatts();
        if (limitWatts == 0) {
            return inventory.ambientCelsius();
        }
        return inventory.ambientCelsius()
                + physics.fullLoadRiseCelsius() * powerWatts(utilization, throttled) / limitWatts;
    }

    /** The temperature after {@code elapsedMs} on the way from one temperature to a steady one. */
    double celsiusAfter(long elapsedMs, double fromCelsius, double steadyCelsius) {
        return steadyCelsius + (fromCelsius - steadyCelsius) * StrictMath.exp(-elapsedMs / physics.timeConstantMs());
    }

    /**
     * The first whole millisecond, at least 1, at which the way from one temperature to a steady one has reached {@code
     * goalCelsius}; {@link #NEVER} if the goal does not lie strictly between them.
     */
    long msUntil(double goalCelsius, double fromCelsius, double steadyCelsius) {
        double way = (fromCelsius - steadyCelsius) / (goalCelsius - steadyCelsius);
        boolean between = Double.isFinite(way) && way > 1;
        return between ? Math.max(1, (long) Math.ceil(physics.timeConstantMs() * StrictMath.log(way))) : NEVER;
    }
}
