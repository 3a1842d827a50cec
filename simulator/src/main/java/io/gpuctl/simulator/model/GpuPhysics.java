package io.gpuctl.simulator.model;

/**
 * What the physical model knows of a GPU beside its {@link io.gpuctl.events.NodeInventory}.
 *
 * <p>Power is idle + (limit - idle) x utilization x clock factor. Heat is of first order:
 * T' = (ambient + fullLoadRise / limit x power - T) / timeConstant. At or above the slowdown temperature the clock
 * drops to {@code throttledClockMilli}; it comes back when the temperature has fallen by {@code hysteresisCelsius}.
 *
 * @param fullClockMhz clock of the multiprocessors under load
 * @param idleClockMhz clock of the multiprocessors without load
 * @param fullLoadRiseCelsius steady temperature at the power limit, above ambient
 * @param timeConstantMs time in which the way to a new steady temperature shrinks to 1/e
 * @param throttledClockMilli clock of a throttled GPU, and the speed of its work, in thousandths of the full one
 * @param hysteresisCelsius how far below the slowdown temperature a throttled GPU must cool
 */
public record GpuPhysics(
        int fullClockMhz,
        int idleClockMhz,
        double fullLoadRiseCelsius,
        double timeConstantMs,
        int throttledClockMilli,
        double hysteresisCelsius) {
    /** Thousandths of the full clock at full clock. */
    public static final int FULL_CLOCK_MILLI = 1000;

    /** 70 C at full load in air of 25 C, reached with a time constant of 30 s: a data centre GPU under a good cooler. */
    private static final double FULL_LOAD_RISE_CELSIUS = 45;

    private static final double TIME_CONSTANT_MS = 30_000;
    private static final int THROTTLED_CLOCK_MILLI = 600;
    private static final double HYSTERESIS_CELSIUS = 5;

    public GpuPhysics {
        require(idleClockMhz >= 0 && idleClockMhz <= fullClockMhz, "idleClockMhz is from 0 to fullClockMhz");
        require(fullLoadRiseCelsius > 0, "fullLoadRiseCelsius is above 0");
        require(timeConstantMs >= 1, "timeConstantMs is at least 1");
        require(
                throttledClockMilli >= 1 && throttledClockMilli <= FULL_CLOCK_MILLI,
                "throttledClockMilli is from 1 to 1000");
        require(hysteresisCelsius > 0, "hysteresisCelsius is above 0");
    }

    /** The clocks of a model; heat as that of a typical data centre GPU. */
    public static GpuPhysics ofClocks(int fullClockMhz, int idleClockMhz) {
        return new GpuPhysics(
                fullClockMhz,
                idleClockMhz,
                FULL_LOAD_RISE_CELSIUS,
                TIME_CONSTANT_MS,
                THROTTLED_CLOCK_MILLI,
                HYSTERESIS_CELSIUS);
    }

    /** An A100: 1410 MHz under load, 210 MHz without. */
    public static GpuPhysics a100() {
        return ofClocks(1410, 210);
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("A GPU's " + rule);
        }
    }
}
