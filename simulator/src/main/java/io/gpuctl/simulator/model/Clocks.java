package io.gpuctl.simulator.model;

/**
 * The clocks of a GPU model, MHz.
 *
 * @param boostMhz of the multiprocessors under load, if neither heat nor power lowers it; work is counted at this clock
 * @param baseMhz of the multiprocessors, guaranteed by the vendor; shown, not used
 * @param idleMhz of the multiprocessors without load; also the lowest clock under throttling
 * @param memoryMhz of the memory, constant
 */
public record Clocks(int boostMhz, int baseMhz, int idleMhz, int memoryMhz) {
    /** The boost clock, in thousandths of itself. */
    public static final int BOOST_MILLI = 1000;

    public Clocks {
        Rules.require(boostMhz >= 1, "boost clock must be at least 1 MHz");
        Rules.require(idleMhz >= 0 && idleMhz <= boostMhz, "idle clock must be from 0 to its boost clock");
        Rules.require(baseMhz >= idleMhz && baseMhz <= boostMhz, "base clock must be from its idle to its boost clock");
        Rules.require(memoryMhz >= 0, "memory clock must be at least 0");
    }

    /** Returns the lowest clock under load, in thousandths of the boost clock. */
    public int floorMilli() {
        return Math.max(1, Math.ceilDiv(idleMhz * BOOST_MILLI, boostMhz));
    }

    int mhz(int clockMilli) {
        return Math.round((float) boostMhz * clockMilli / BOOST_MILLI);
    }
}
