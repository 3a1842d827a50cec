package io.gpuctl.simulator.model;

/**
 * How heat leaves a GPU: from the die into the heat sink, from there into the air that fans blow through it.
 *
 * <p>The network is written in Foster's form, two stages in a row with a resistance and a time constant each, as data
 * sheets of power semiconductors state thermal impedance. Seen from the die it is equal to a ladder of two heat
 * capacities, and each stage has a closed form of its own.
 *
 * <p>Fans turn with the GPU's power: their controller settles within seconds, and a heat sink takes half a minute, so the
 * speed counts as settled. The duty rises in a straight line from fanFloor at 0 W to 1 at fanFullWatts, and the heat
 * sink's resistance, and its time constant with it, goes with 1 / sqrt(duty).
 *
 * @param dieKelvinPerWatt resistance of the die's stage
 * @param sinkKelvinPerWatt resistance of the heat sink's stage with fans at full speed
 * @param dieTimeConstantMs of the die's stage, below that of the heat sink
 * @param sinkTimeConstantMs of the heat sink's stage with fans at full speed
 * @param fanFloor lowest duty of the fans, above 0, at most 1
 * @param fanFullWatts power of the GPU at which its fans turn at full speed
 * @param inletRiseCelsius how much warmer than the room a node's inlet is when all its GPUs draw
 *     fanFullWatts: air that comes back from behind the rack
 */
public record Cooling(
        double dieKelvinPerWatt,
        double sinkKelvinPerWatt,
        double dieTimeConstantMs,
        double sinkTimeConstantMs,
        double fanFloor,
        double fanFullWatts,
        double inletRiseCelsius) {
    /** Of the typical GPU at full load, above the inlet: 15 in the die, 30 in the heat sink. */
    public static final double TYPICAL_DIE_RISE_CELSIUS = 15;

    public static final double TYPICAL_SINK_RISE_CELSIUS = 30;

    private static final double DIE_TIME_CONSTANT_MS = 1_500;
    private static final double SINK_TIME_CONSTANT_MS = 30_000;
    private static final double FAN_FLOOR = 0.3;
    private static final double INLET_RISE_CELSIUS = 2;

    public Cooling {
        Rules.require(dieKelvinPerWatt >= 0, "die's thermal resistance is at least 0");
        Rules.require(sinkKelvinPerWatt > 0, "heat sink's thermal resistance is above 0");
        Rules.require(
                dieTimeConstantMs >= 1 && dieTimeConstantMs < sinkTimeConstantMs,
                "die's time constant is at least 1 ms, and below that of its heat sink");
        Rules.require(fanFloor > 0 && fanFloor <= 1, "fans turn at a duty above 0, at most 1");
        Rules.require(fanFullWatts > 0, "power for full fans is above 0");
        Rules.require(inletRiseCelsius >= 0, "inlet is not cooler under load");
    }

    /** As a server cools a GPU that draws this power at full load, so that it gets this much warmer than its inlet there. */
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

    /** 70 C at full load in air of 25 C. */
    public static Cooling typical(double fullLoadWatts) {
        return of(fullLoadWatts, TYPICAL_DIE_RISE_CELSIUS, TYPICAL_SINK_RISE_CELSIUS);
    }

    /** How much warmer than the room a GPU ends that draws so much for long, as do all others of its node. */
    public double riseCelsius(double watts) {
        return watts * (dieKelvinPerWatt + sinkKelvinPerWatt * sinkFactor(watts) + inletRiseCelsius / fanFullWatts);
    }

    /** How much the fans' speed leaves of full cooling: the heat sink's resistance over that at full speed, at least 1. */
    double sinkFactor(double watts) {
        return 1 / Math.sqrt(fanDuty(watts));
    }

    /** The speed of the fans of a node whose GPUs draw so much each, as a share of their highest speed. */
    public double fanDuty(double watts) {
        return Math.min(1, fanFloor + (1 - fanFloor) * watts / fanFullWatts);
    }
}
