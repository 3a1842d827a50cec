package io.gpuctl.simulator.model;

/**
 * Power of a GPU as a function of load and clock.
 *
 * <p>P = idle + (fullLoad - idle) x load x f v(f)^2, with f the clock and v the voltage as shares of those at boost
 * clock. The voltage has a floor: v(f) = voltageFloor up to the clock voltageKnee, and rises linearly from there to 1
 * at boost clock. According to measurements, all power except idle power falls with the clock, see {@link #typical}.
 *
 * @param fullLoadWatts at boost clock and full load, without a limit
 * @param voltageFloor lowest voltage, above 0, at most 1
 * @param voltageKnee clock up to which the voltage stays at voltageFloor, 0 to below 1
 */
public record PowerCurve(double fullLoadWatts, double voltageFloor, double voltageKnee) {
    /**
     * Chung et al., "Reducing Energy Bloat in Large Model Training" (Perseus), SOSP 2024: a stage of GPT-3 on an A100
     * with locked clocks draws 59 W + 0.209 W/MHz below 1080 MHz, 0.77 of its highest clock, and more than in
     * proportion above. A straight line means constant voltage. It meets idle power at 0 MHz: all other power follows
     * the clock.
     */
    private static final double VOLTAGE_KNEE = 0.77;

    /** Fitted to the same measurements, and compared with others in PublishedSlowdownsTest. */
    private static final double VOLTAGE_FLOOR = 0.8;

    public PowerCurve {
        Rules.require(fullLoadWatts >= 0, "power at full load must be at least 0");
        Rules.require(voltageFloor > 0 && voltageFloor <= 1, "voltage floor must be above 0 and at most 1");
        Rules.require(voltageKnee >= 0 && voltageKnee < 1, "voltage knee must be at least 0 and below 1");
    }

    /** Returns the curve of an A100, which serves for all models. */
    public static PowerCurve typical(double fullLoadWatts) {
        return new PowerCurve(fullLoadWatts, VOLTAGE_FLOOR, VOLTAGE_KNEE);
    }

    /** Returns the power at full load. */
    public double wattsAtFullLoad(double idleWatts, int clockMilli) {
        return idleWatts + (fullLoadWatts - idleWatts) * dynamicShare(clockMilli);
    }

    /** Returns the power above idle power at full load, as a share of that at boost clock. */
    double dynamicShare(int clockMilli) {
        double clock = (double) clockMilli / Clocks.BOOST_MILLI;
        double voltage = clock <= voltageKnee
                ? voltageFloor
                : voltageFloor + (1 - voltageFloor) * (clock - voltageKnee) / (1 - voltageKnee);
        return clock * voltage * voltage;
    }
}
