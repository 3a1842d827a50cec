package io.gpuctl.simulator.model;

import io.gpuctl.events.NodeInventory;

/**
 * The air in front of a node's GPUs: warmer than the room the more they draw, as some of what they blow out comes back.
 *
 * <p>What counts is what their loads ask for, not what heat leaves of it: so a GPU that slows down does not reach into the
 * clocks of its neighbours, which the closed forms could not follow. The inlet is at most {@link Cooling#inletRiseCelsius}
 * too warm by that. Air is blown through in a second, so the inlet follows at once.
 */
final class Inlet {
    private final NodeInventory inventory;
    private final double celsiusPerMilliwatt;
    private final boolean matters;
    private final double fullMilliwatts;
    private long milliwatts;
    private double rackCelsius;

    Inlet(HeatLaw law) {
        inventory = law.inventory();
        double riseCelsius = law.physics().cooling().inletRiseCelsius();
        fullMilliwatts = 1_000 * law.physics().cooling().fanFullWatts() * inventory.gpuCount();
        celsiusPerMilliwatt = fullMilliwatts == 0 ? 0 : riseCelsius / fullMilliwatts;
        milliwatts = law.idleMilliwatts() * inventory.gpuCount();
        long mostMilliwatts = Math.max(
                law.milliwatts(Load.FULL, law.cappedClockMilli(Load.FULL)),
                Math.min(law.limitMilliwatts(), law.milliwatts(Load.FULL, Clocks.BOOST_MILLI)));
        double mostCelsius = inventory.ambientCelsius()
                + (inventory.rack().isEmpty() ? 0 : Rack.RISE_CELSIUS)
                + celsiusPerMilliwatt * mostMilliwatts * inventory.gpuCount()
                + law.steady(mostMilliwatts).total();
        matters = mostCelsius >= law.slowdownCelsius();
    }

    double celsius() {
        return inventory.ambientCelsius() + rackCelsius + celsiusPerMilliwatt * milliwatts;
    }

    void add(long moreMilliwatts) {
        milliwatts += moreMilliwatts;
    }

    /** By how much the rack warms it from now on. */
    void warm(double byRackCelsius) {
        rackCelsius = byRackCelsius;
    }

    double rackCelsius() {
        return rackCelsius;
    }

    /** What the loads of all GPUs ask for. */
    long askedMilliwatts() {
        return milliwatts;
    }

    /** What they could at most. */
    double fullMilliwatts() {
        return fullMilliwatts;
    }

    /** Whether any load could make a GPU so warm that the inlet decides over its clock. */
    boolean matters() {
        return matters;
    }
}
