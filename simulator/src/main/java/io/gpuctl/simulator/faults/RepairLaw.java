package io.gpuctl.simulator.faults;

import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * Times until something is repaired: their logarithm is normal, as Schroeder and Gibson found it for 23,000 failures at Los
 * Alamos ("A large-scale study of failures in high-performance computing systems", DSN 2006).
 *
 * @param medianMs half are shorter; 0: nothing is to be repaired
 * @param sigma standard deviation of the natural logarithm; the mean is median x exp(sigma^2 / 2)
 */
public record RepairLaw(long medianMs, double sigma) {
    public static final RepairLaw NOTHING = new RepairLaw(0, 0);

    /** A year: what takes longer is not repaired but replaced. */
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
