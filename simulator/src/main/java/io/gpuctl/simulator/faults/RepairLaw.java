package io.gpuctl.simulator.faults;

import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * Repair times follow a log-normal distribution, as Schroeder and Gibson found for 23,000 failures at Los Alamos ("A
 * large-scale study of failures in high-performance computing systems", DSN 2006).
 *
 * @param medianMs median repair time; 0: no repair is needed
 * @param sigma standard deviation of the natural logarithm; the mean is median x exp(sigma^2 / 2)
 */
public record RepairLaw(long medianMs, double sigma) {
    public static final RepairLaw NOTHING = new RepairLaw(0, 0);

    /** One year: a part that would take longer is replaced instead. */
    private static final double REPAIR_MS_MAX = 365.0 * 24 * 3_600_000;

    public RepairLaw {
        FaultRules.inRange("repair_median", (double) medianMs, 0, REPAIR_MS_MAX);
        FaultRules.inRange("repair_sigma", sigma, 0, 4);
    }

    long drawMs(ZigguratSampler.NormalizedGaussian gaussian) {
        if (medianMs == 0) {
            return 0;
        }
        double drawn = medianMs * StrictMath.exp(sigma * gaussian.sample());
        return Math.max(1, Math.round(Math.min(REPAIR_MS_MAX, drawn)));
    }
}
