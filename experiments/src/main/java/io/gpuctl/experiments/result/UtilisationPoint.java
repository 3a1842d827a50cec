package io.gpuctl.experiments.result;

import org.jspecify.annotations.Nullable;

/**
 * The mean utilisation of the cluster from this time to the next point's time.
 *
 * @param timeSeconds seconds of virtual time from the run's start
 * @param allocatedPercent allocated GPUs in % of all GPUs
 * @param powerWatts power of all nodes; null if the run has no power model
 * @param heat effects of heat; null if the run has no power model
 */
public record UtilisationPoint(
        double timeSeconds,
        double allocatedPercent,
        @Nullable Double powerWatts,
        @Nullable Heat heat) {

    /**
     * The effects of heat.
     *
     * @param hottestCelsius temperature of the hottest GPU
     * @param slowedPercent GPUs whose clocks heat held down, in % of all GPUs
     */
    public record Heat(double hottestCelsius, double slowedPercent) {}
}
