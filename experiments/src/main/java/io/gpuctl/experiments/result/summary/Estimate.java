package io.gpuctl.experiments.result.summary;

import io.gpuctl.experiments.result.Distribution;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The mean of independent runs, and how far it may be off.
 *
 * @param n how many runs
 * @param standardDeviation of a sample (n - 1); empty of a single run
 * @param halfWidth of the 95 % confidence interval of the mean, by Student's t: it is mean +/- this. Empty of a single
 *     run
 */
public record Estimate(int n, double mean, OptionalDouble standardDeviation, OptionalDouble halfWidth) {

    private static final double UPPER_TAIL = 0.975;

    /** Digits of the quantile: those behind may differ from one processor's logarithm to another's. */
    private static final MathContext PORTABLE = new MathContext(10);

    /** Of at least one value. */
    public static Estimate of(double[] values) {
        Distribution distribution = Distribution.of(values);
        int n = distribution.count();
        if (n < 2) {
            return new Estimate(n, distribution.mean(), OptionalDouble.empty(), OptionalDouble.empty());
        }
        double deviation = distribution.standardDeviation();
        double halfWidth = studentQuantile(n - 1) * deviation / Math.sqrt(n);
        return new Estimate(n, distribution.mean(), OptionalDouble.of(deviation), OptionalDouble.of(halfWidth));
    }

    private static double studentQuantile(int degreesOfFreedom) {
        double quantile = TDistribution.of(degreesOfFreedom).inverseCumulativeProbability(UPPER_TAIL);
        return new BigDecimal(quantile).round(PORTABLE).doubleValue();
    }

    /** Lower end of the interval; the mean itself of a single run. */
    public double low() {
        return mean - halfWidth.orElse(0);
    }

    /** Upper end of the interval; the mean itself of a single run. */
    public double high() {
        return mean + halfWidth.orElse(0);
    }
}
