package io.gpuctl.experiments.result;

import org.jspecify.annotations.Nullable;

/**
 * How busy the cluster was, on average from this time to the next point's.
 *
 * @param timeSeconds of virtual time from the run's start
 * @param allocatedPercent of all GPUs
 * @param powerWatts of all nodes; null if the run has no power model
 * @param heat null if the run has no power model
 */
public record UtilisationPoint(
        double timeSeconds,
        double allocatedPercent,
        @Nullable Double powerWatts,
        @Nullable Heat heat) {

    /**
     * What heat did.
     *
     * @param hottestCelsius the hottest GPU of all
     * @param slowedPercent GPUs whose clock heat held down, of all
     */
    public record Heat(double hottestCelsius, double slowedPercent) {}
}
