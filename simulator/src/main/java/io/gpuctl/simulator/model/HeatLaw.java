package io.gpuctl.simulator.model;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.model.Warming.Rise;
import java.util.function.IntPredicate;

/** The power of one GPU at a load and clock, and its final temperature at that power. */
record HeatLaw(NodeInventory inventory, GpuPhysics physics) {
    private static final double MILLI = 1_000;

    /** The temperature at which software starts to lower the clock. */
    double slowdownCelsius() {
        return inventory.slowdownCelsius();
    }

    /** The temperature at which a clock that software has lowered may rise again, and that the lowered clock holds. */
    double releaseCelsius() {
        return inventory.slowdownCelsius() - physics.hysteresisCelsius();
    }

    double hardwareSlowdownCelsius() {
        return inventory.slowdownCelsius() + physics.hardwareMarginCelsius();
    }

    /** The temperature at which the GPU switches itself off. */
    double shutdownCelsius() {
        return hardwareSlowdownCelsius() + physics.shutdownMarginCelsius();
    }

    double hardwareReleaseCelsius() {
        return hardwareSlowdownCelsius() - physics.hysteresisCelsius();
    }

    /** Returns the power in whole milliwatts, so that energy adds up exactly. */
    long milliwatts(Load load, int clockMilli) {
        double idleWatts = inventory.gpuIdlePowerWatts();
        double rangeWatts = Math.max(0, physics.power().fullLoadWatts() - idleWatts);
        double dynamicWatts = rangeWatts * load.power() * physics.power().dynamicShare(clockMilli);
        return Math.round(MILLI * (idleWatts + dynamicWatts));
    }

    long idleMilliwatts() {
        return Math.round(MILLI * inventory.gpuIdlePowerWatts());
    }

    long limitMilliwatts() {
        return Math.round(MILLI * inventory.gpuLimitPowerWatts());
    }

    /** Returns the highest clock at which the GPU draws no more than its limit; if there is none, the lowest clock. */
    int cappedClockMilli(Load load) {
        long limit = limitMilliwatts();
        return milliwatts(load, Clocks.BOOST_MILLI) <= limit
                ? Clocks.BOOST_MILLI
                : highestClockMilli(Clocks.BOOST_MILLI, clock -> milliwatts(load, clock) <= limit);
    }

    /** Returns the highest clock up to {@code fromMilli} that holds this rise; if there is none, the lowest clock. */
    int heldClockMilli(Load load, int fromMilli, double riseCelsius) {
        return highestClockMilli(
                fromMilli, clock -> steady(milliwatts(load, clock)).total() <= riseCelsius);
    }

    private int highestClockMilli(int fromMilli, IntPredicate holds) {
        int low = physics.clocks().floorMilli();
        int high = fromMilli;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (holds.test(middle)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Returns the GPU's final rise above its inlet at this power. */
    Rise steady(long milliwatts) {
        double watts = milliwatts / MILLI;
        Cooling cooling = physics.cooling();
        return new Rise(
                cooling.dieKelvinPerWatt() * watts, cooling.sinkKelvinPerWatt() * watts * cooling.sinkFactor(watts));
    }

    Warming warming(Rise from, long milliwatts) {
        Cooling cooling = physics.cooling();
        return new Warming(
                from,
                steady(milliwatts),
                cooling.dieTimeConstantMs(),
                cooling.sinkTimeConstantMs() * cooling.sinkFactor(milliwatts / MILLI));
    }
}
