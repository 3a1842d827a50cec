package io.gpuctl.simulator.model;

/**
 * How load and clock make power.
 *
 * <p>P = idle + (fullLoad - idle) x load x ((1 - memoryShare) x f v(f)^2 + memoryShare), with f the clock and v the voltage
 * as shares of those at boost clock. The voltage has a floor: v(f) = voltageFloor up to the clock voltageKnee, and rises
 * in a straight line from there to 1 at boost clock. The memory's clock stays, so its share of the power does too.
 *
 * @param fullLoadWatts at boost clock and full load, were there no limit
 * @param memoryShare share of the dynamic power that goes into memory, 0 to 1
 * @param voltageFloor lowest voltage, above 0, at most 1
 * @param voltageKnee clock up to which the voltage stays there, 0 to below 1
 */
public record PowerCurve(double fullLoadWatts, double memoryShare, double voltageFloor, double voltageKnee) {
    /** HBM2 takes about 4 pJ a bit (O'Connor et al., Fine-Grained DRAM, MICRO 2017): 64 W at 2 TB/s, of 340 W in an A100. */
    private static final double MEMORY_SHARE = 0.2;

    /** An H800 shows 0.68 V when idling; that boost needs about 1 V is an estimate. */
    private static final double VOLTAGE_FLOOR = 0.7;

    /** Measured curves bend between a half and two thirds of the highest clock (Guerreiro et al., HPCA 2018). */
    private static final double VOLTAGE_KNEE = 0.55;

    public PowerCurve {
        Rules.require(fullLoadWatts >= 0, "power at full load is at least 0");
        Rules.require(memoryShare >= 0 && memoryShare <= 1, "share of memory is from 0 to 1");
        Rules.require(voltageFloor > 0 && voltageFloor <= 1, "voltage floor is above 0, at most 1");
        Rules.require(voltageKnee >= 0 && voltageKnee < 1, "voltage knee is from 0 to below 1");
    }

    /** The typical curve: estimates, reasoned for at each number. */
    public static PowerCurve typical(double fullLoadWatts) {
        return new PowerCurve(fullLoadWatts, MEMORY_SHARE, VOLTAGE_FLOOR, VOLTAGE_KNEE);
    }

    /** The power at full load above idle power, as a share of that at boost clock: 1 there, less below. */
    double dynamicShare(int clockMilli) {
        double clock = (double) clockMilli / Clocks.BOOST_MILLI;
        double voltage = clock <= voltageKnee
                ? voltageFloor
                : voltageFloor + (1 - voltageFloor) * (clock - voltageKnee) / (1 - voltageKnee);
        return (1 - memoryShare) * clock * voltage * voltage + memoryShare;
    }
}
