package io.gpuctl.simulator.model;

import io.gpuctl.events.NodeInventory;

/**
 * The air in front of a node's GPUs. It warms with their power, since some exhaust air flows back.
 *
 * <p>The rise follows the power that the loads ask for, not the power after thermal throttling. So a GPU that slows
 * down does not change its neighbours' clocks, which the closed forms could not model. This makes the inlet at most
 * {@link Cooling#inletRiseCelsius} too warm. The inlet follows at once, as air passes in a second.
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

    /** Sets by how much the rack warms the inlet from now on. */
    void warm(double byRackCelsius) {
        rackCelsius = byRackCelsius;
    }

    double rackCelsius() {
        return rackCelsius;
    }

    /** Returns the power that the loads of all GPUs ask for. */
    long askedMilliwatts() {
        return milliwatts;
    }

    /** Returns the highest power that the loads could ask for. */
    double fullMilliwatts() {
        return fullMilliwatts;
    }

    /** Returns whether any load could make a GPU so warm that the inlet affects its clock. */
    boolean matters() {
        return matters;
    }
}
