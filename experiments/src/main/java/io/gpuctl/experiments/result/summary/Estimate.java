package io.gpuctl.experiments.result.summary;

import io.gpuctl.experiments.result.Distribution;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The mean of independent runs, with its confidence interval.
 *
 * @param n number of runs
 * @param standardDeviation of a sample (n - 1); empty for a single run
 * @param halfWidth of the 95 % confidence interval of the mean, by Student's t: the interval is mean +/- this; empty
 *     for a single run
 */
public record Estimate(int n, double mean, OptionalDouble standardDeviation, OptionalDouble halfWidth) {

    private static final double UPPER_TAIL = 0.975;

    /** Precision of the quantile: further digits may differ, because logarithms differ between processors. */
    private static final MathContext PORTABLE = new MathContext(10);

    /** Returns the estimate from at least one value. */
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

    /** Returns the lower end of the interval; for a single run, the mean. */
    public double low() {
        return mean - halfWidth.orElse(0);
    }

    /** Returns the upper end of the interval; for a single run, the mean. */
    public double high() {
        return mean + halfWidth.orElse(0);
    }
}
