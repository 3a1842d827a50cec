package io.gpuctl.simulator.faults;

import java.util.Locale;

/**
 * Whom a fault of GPUs befalls. The mean over all GPUs stays that of the law.
 *
 * @param gpuModel only GPUs whose model's name has this in it, whatever the case; empty: all
 * @param lemonShare so many of all GPUs are lemons, 0 to below 1: the same GPUs for every law
 * @param lemonFaults so many of all faults befall them, 0 to below 1
 * @param peerChance how likely it befalls one or two other GPUs of the node in the same moment
 * @param doublingCelsius a GPU that is so much warmer has twice as many; 0: heat does not matter
 * @param normalCelsius how warm a GPU is that has as many as the law says
 */
public record Victims(
        String gpuModel,
        double lemonShare,
        double lemonFaults,
        double peerChance,
        double doublingCelsius,
        double normalCelsius) {
    /** All alike. */
    public static final Victims ALIKE = new Victims("", 0, 0, 0, 0, 0);

    /** However hot a GPU is, it has no more than so many times as many faults as a normal one. */
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
     * How many times as often as a mean one a GPU fails.
     *
     * @param proneness drawn for the GPU, 0 to below 1: lemons have the lowest
     */
    double rate(double proneness) {
        return proneness < lemonShare ? lemonFaults / lemonShare : (1 - lemonFaults) / (1 - lemonShare);
    }

    boolean followHeat() {
        return doublingCelsius > 0;
    }

    /**
     * Of faults that come as often as on the hottest GPU, a cooler one has only some: those for which it is warm enough.
     *
     * @param drawn for each fault, 0 to below 1
     */
    double minCelsius(double drawn) {
        return normalCelsius + doublingCelsius * StrictMath.log(drawn * HEAT_FACTOR_MAX) / StrictMath.log(2);
    }
}
