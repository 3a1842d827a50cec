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
    private long milliwatts;

    Inlet(HeatLaw law) {
        inventory = law.inventory();
        double riseCelsius = law.physics().cooling().inletRiseCelsius();
        double fullMilliwatts = 1_000 * law.physics().cooling().fanFullWatts() * inventory.gpuCount();
        celsiusPerMilliwatt = fullMilliwatts == 0 ? 0 : riseCelsius / fullMilliwatts;
        milliwatts = law.idleMilliwatts() * inventory.gpuCount();
        long mostMilliwatts = Math.max(
                law.milliwatts(1, law.cappedClockMilli(1)),
                Math.min(law.limitMilliwatts(), law.milliwatts(1, Clocks.BOOST_MILLI)));
        double mostCelsius = inventory.ambientCelsius()
                + celsiusPerMilliwatt * mostMilliwatts * inventory.gpuCount()
                + law.steady(mostMilliwatts).total();
        matters = mostCelsius >= law.slowdownCelsius();
    }

    double celsius() {
        return inventory.ambientCelsius() + celsiusPerMilliwatt * milliwatts;
    }

    void add(long moreMilliwatts) {
        milliwatts += moreMilliwatts;
    }

    /** Whether any load could make a GPU so warm that the inlet decides over its clock. */
    boolean matters() {
        return matters;
    }
}
