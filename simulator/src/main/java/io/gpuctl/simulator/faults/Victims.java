package io.gpuctl.simulator.faults;

import java.util.Locale;

/**
 * The GPUs that a fault hits. The mean rate over all GPUs stays the law's rate.
 *
 * @param gpuModel only GPUs whose model name contains this, ignoring case; empty: all
 * @param lemonShare share of GPUs that are lemons, 0 to below 1; the same GPUs for every law
 * @param lemonFaults share of faults that hit lemons, 0 to below 1
 * @param peerChance probability that the fault also hits one or two other GPUs of the node at the same time
 * @param doublingCelsius temperature rise that doubles the rate; 0: heat does not matter
 * @param normalCelsius temperature at which the rate is that of the law
 */
public record Victims(
        String gpuModel,
        double lemonShare,
        double lemonFaults,
        double peerChance,
        double doublingCelsius,
        double normalCelsius) {
    /** Hits all GPUs alike. */
    public static final Victims ALIKE = new Victims("", 0, 0, 0, 0, 0);

    /** Limit on the rate of a hot GPU, relative to that at {@code normalCelsius}. */
    static final double HEAT_FACTOR_MAX = 8;

    private static final double CELSIUS_MAX = 200;
    private static final double SHARE_MAX = 0.999;

    public Victims {
        gpuModel = gpuModel.toLowerCase(Locale.ROOT);
        FaultRules.inRange("lemon_share", lemonShare, 0, SHARE_MAX);
        FaultRules.inRange("lemon_faults", lemonFaults, lemonShare, lemonShare == 0 ? 0 : SHARE_MAX);
        FaultRules.inRange("peer_chance", peerChance, 0, 1);
        FaultRules.inRange("heat_doubling_celsius", doublingCelsius, 0, CELSIUS_MAX);
        FaultRules.inRange("heat_normal_celsius", normalCelsius, 0, doublingCelsius == 0 ? 0 : CELSIUS_MAX);
    }

    boolean areOfModel(String itsGpuModel) {
        return itsGpuModel.toLowerCase(Locale.ROOT).contains(gpuModel);
    }

    /**
     * Returns a GPU's failure rate relative to the mean.
     *
     * @param proneness drawn for the GPU, 0 to below 1; lemons have the lowest values
     */
    double rate(double proneness) {
        return proneness < lemonShare ? lemonFaults / lemonShare : (1 - lemonFaults) / (1 - lemonShare);
    }

    boolean followHeat() {
        return doublingCelsius > 0;
    }

    /**
     * Returns the lowest temperature at which a fault happens. Faults are drawn at the highest rate; a cooler GPU skips
     * some.
     *
     * @param drawn a random number for each fault, 0 to below 1
     */
    double minCelsius(double drawn) {
        return normalCelsius + doublingCelsius * StrictMath.log(drawn * HEAT_FACTOR_MAX) / StrictMath.log(2);
    }
}
