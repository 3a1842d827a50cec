package io.gpuctl.simulator.model;

/**
 * The flow of heat out of a GPU: from the die into the heat sink, and from there into the air of the fans.
 *
 * <p>The network is written in Foster's form, two stages in a row with a resistance and a time constant each, as data
 * sheets of power semiconductors state thermal impedance. Seen from the die it is equal to a ladder of two heat
 * capacities, and each stage has a closed form of its own.
 *
 * <p>The fan speed follows the GPU's power without delay, since the fan controller settles within seconds and a heat
 * sink within half a minute. The duty rises linearly from fanFloor at 0 W to 1 at fanFullWatts. The heat sink's
 * resistance and time constant are proportional to 1 / sqrt(duty).
 *
 * @param dieKelvinPerWatt resistance of the die's stage
 * @param sinkKelvinPerWatt resistance of the heat sink's stage with fans at full speed
 * @param dieTimeConstantMs of the die's stage, below that of the heat sink
 * @param sinkTimeConstantMs of the heat sink's stage with fans at full speed
 * @param fanFloor lowest duty of the fans, above 0, at most 1
 * @param fanFullWatts GPU power at which the fans turn at full speed
 * @param inletRiseCelsius how much warmer than the room a node's inlet is when all its GPUs draw fanFullWatts: air
 *     flows back from behind the rack
 */
public record Cooling(
        double dieKelvinPerWatt,
        double sinkKelvinPerWatt,
        double dieTimeConstantMs,
        double sinkTimeConstantMs,
        double fanFloor,
        double fanFullWatts,
        double inletRiseCelsius) {
    /** The rise of a typical GPU above its inlet at full load: 15 in the die, 30 in the heat sink. */
    public static final double TYPICAL_DIE_RISE_CELSIUS = 15;

    public static final double TYPICAL_SINK_RISE_CELSIUS = 30;

    private static final double DIE_TIME_CONSTANT_MS = 1_500;
    private static final double SINK_TIME_CONSTANT_MS = 30_000;
    private static final double FAN_FLOOR = 0.3;
    private static final double INLET_RISE_CELSIUS = 2;

    public Cooling {
        Rules.require(dieKelvinPerWatt >= 0, "die's thermal resistance must be at least 0");
        Rules.require(sinkKelvinPerWatt > 0, "heat sink's thermal resistance must be above 0");
        Rules.require(
                dieTimeConstantMs >= 1 && dieTimeConstantMs < sinkTimeConstantMs,
                "the die's time constant must be at least 1 ms and below the heat sink's time constant");
        Rules.require(fanFloor > 0 && fanFloor <= 1, "fan duty must be above 0 and at most 1");
        Rules.require(fanFullWatts > 0, "power for full fans must be above 0");
        Rules.require(inletRiseCelsius >= 0, "inlet must not be cooler under load");
    }

    /** Returns a server's cooling of a GPU that has this power and this rise above its inlet at full load. */
    public static Cooling of(double fullLoadWatts, double dieRiseCelsius, double sinkRiseCelsius) {
        double watts = Math.max(1, fullLoadWatts);
        return new Cooling(
                dieRiseCelsius / watts,
                sinkRiseCelsius / watts,
                DIE_TIME_CONSTANT_MS,
                SINK_TIME_CONSTANT_MS,
                FAN_FLOOR,
                watts,
                INLET_RISE_CELSIUS);
    }

    /** Returns a typical cooling, 70 C at full load with an inlet of 25 C. */
    public static Cooling typical(double fullLoadWatts) {
        return of(fullLoadWatts, TYPICAL_DIE_RISE_CELSIUS, TYPICAL_SINK_RISE_CELSIUS);
    }

    /** Returns the final rise above the room of a GPU at this power, if all GPUs of its node draw as much. */
    public double riseCelsius(double watts) {
        return watts * (dieKelvinPerWatt + sinkKelvinPerWatt * sinkFactor(watts) + inletRiseCelsius / fanFullWatts);
    }

    /** Returns the heat sink's resistance relative to that at full fan speed, at least 1. */
    double sinkFactor(double watts) {
        return 1 / Math.sqrt(fanDuty(watts));
    }

    /** Returns the fan speed of a node whose GPUs draw this power each, as a share of the highest speed. */
    public double fanDuty(double watts) {
        return Math.min(1, fanFloor + (1 - fanFloor) * watts / fanFullWatts);
    }
}
