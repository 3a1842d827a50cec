package io.gpuctl.simulator.model;

import io.gpuctl.events.NodeInventory;

/**
 * The physical parameters of a GPU beyond its {@link NodeInventory}; {@code docs/gpu-model.md} has all formulas.
 *
 * @param hardwareMarginCelsius how far above the inventory's slowdown temperature, at which software lowers the clock,
 *     hardware halves the clock
 * @param shutdownMarginCelsius how far above that the GPU switches itself off
 * @param hysteresisCelsius how far below the slowdown temperature a throttled GPU must cool before its clock may rise
 * @param wiring bandwidths of its links
 * @param memory reserved size and temperature of its memory
 */
public record GpuPhysics(
        Clocks clocks,
        PowerCurve power,
        Cooling cooling,
        double hardwareMarginCelsius,
        double shutdownMarginCelsius,
        double hysteresisCelsius,
        Wiring wiring,
        MemoryTraits memory) {
    /** The full clock, in thousandths of itself. */
    public static final int FULL_CLOCK_MILLI = Clocks.BOOST_MILLI;

    /** The distance from the highest operating temperature of an A100, 85 C, to its hardware slowdown, 89 C. */
    public static final double TYPICAL_HARDWARE_MARGIN_CELSIUS = 4;

    /** The distance from the hardware slowdown to the temperature at which an A100 switches itself off, 92 C. */
    public static final double TYPICAL_SHUTDOWN_MARGIN_CELSIUS = 3;

    /** An estimate: vendors do not publish it. */
    private static final double HYSTERESIS_CELSIUS = 3;

    public GpuPhysics {
        Rules.require(
                hardwareMarginCelsius > 0,
                "the temperature of the hardware slowdown must be above the temperature of the software slowdown");
        Rules.require(shutdownMarginCelsius > 0, "hardware slowdown temperature must be below the shutdown");
        Rules.require(hysteresisCelsius > 0, "hysteresis must be above 0");
    }

    public GpuPhysics(
            Clocks clocks,
            PowerCurve power,
            Cooling cooling,
            double hardwareMarginCelsius,
            double shutdownMarginCelsius,
            Wiring wiring,
            MemoryTraits memory) {
        this(clocks, power, cooling, hardwareMarginCelsius, shutdownMarginCelsius, HYSTERESIS_CELSIUS, wiring, memory);
    }

    /** Returns the physics of an unknown GPU model: the clocks of an A100, and typical values for its power limit. */
    public static GpuPhysics typical(NodeInventory inventory) {
        return new GpuPhysics(
                new Clocks(1410, 1095, 210, 1593),
                PowerCurve.typical(inventory.gpuLimitPowerWatts()),
                Cooling.typical(inventory.gpuLimitPowerWatts()),
                TYPICAL_HARDWARE_MARGIN_CELSIUS,
                TYPICAL_SHUTDOWN_MARGIN_CELSIUS,
                Wiring.TYPICAL,
                new MemoryTraits(Math.round(MemoryTraits.TYPICAL_RESERVED_SHARE * inventory.gpuMemoryMib()), 0));
    }
}
