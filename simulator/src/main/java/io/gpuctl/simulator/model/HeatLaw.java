package io.gpuctl.simulator.model;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.model.Warming.Rise;
import java.util.function.IntPredicate;

/** What one GPU draws, and how warm that makes it in the end, under a load and at a clock. */
record HeatLaw(NodeInventory inventory, GpuPhysics physics) {
    private static final double MILLI = 1_000;

    /** Where software starts to lower the clock. */
    double slowdownCelsius() {
        return inventory.slowdownCelsius();
    }

    /** Where a clock that software has lowered may rise again, and where it is lowered to hold. */
    double releaseCelsius() {
        return inventory.slowdownCelsius() - physics.hysteresisCelsius();
    }

    double hardwareSlowdownCelsius() {
        return inventory.slowdownCelsius() + physics.hardwareMarginCelsius();
    }

    /** Where it switches itself off. */
    double shutdownCelsius() {
        return hardwareSlowdownCelsius() + physics.shutdownMarginCelsius();
    }

    double hardwareReleaseCelsius() {
        return hardwareSlowdownCelsius() - physics.hysteresisCelsius();
    }

    /** In whole milliwatts, so that energy adds up without rest. */
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

    /** The highest clock at which the GPU draws no more than its limit, or the lowest that it has. */
    int cappedClockMilli(Load load) {
        long limit = limitMilliwatts();
        return milliwatts(load, Clocks.BOOST_MILLI) <= limit
                ? Clocks.BOOST_MILLI
                : highestClockMilli(Clocks.BOOST_MILLI, clock -> milliwatts(load, clock) <= limit);
    }

    /** The highest clock up to one with which the GPU ends no warmer than this, or the lowest that it has. */
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

    /** How much warmer than its inlet the GPU ends at this power. */
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
