package io.gpuctl.simulator.faults;

import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.statistics.distribution.WeibullDistribution;

/**
 * The times between failures follow a Weibull distribution; with shape 1 it is the exponential distribution. With a
 * shape below 1, failures come in bursts: a part that failed recently is likelier to fail again, as Schroeder and
 * Gibson found ("A large-scale study of failures in high-performance computing systems", DSN 2006).
 *
 * @param mtbfHours mean time between failures, hours
 * @param shape of the distribution, above 0
 */
public record FailureLaw(double mtbfHours, double shape) {
    private static final double MS_PER_HOUR = 3_600_000;

    /** Longer than any run; keeps a drawn time within the range of a long. */
    private static final double GAP_MS_MAX = 1e15;

    public FailureLaw {
        FaultRules.inRange("mtbf_hours", mtbfHours, 1e-3, 1e12);
        FaultRules.inRange("shape", shape, 0.2, 10);
    }

    /** Returns the same law with {@code scale} times as many failures. */
    FailureLaw scaled(double scale) {
        return new FailureLaw(mtbfHours / scale, shape);
    }

    /** Returns the scale parameter: the mean is scale x gamma(1 + 1 / shape). */
    private double scaleMs() {
        double meanOfScale1 = shape == 1 ? 1 : WeibullDistribution.of(shape, 1).getMean();
        return mtbfHours * MS_PER_HOUR / meanOfScale1;
    }

    /** Draws a time until a failure, at least 1 ms. */
    long drawMs(ZigguratSampler.Exponential exponential) {
        double drawn = exponential.sample();
        // StrictMath: the last bit may change the result by a millisecond, and must be the same on every machine.
        double ofShape = shape == 1 ? drawn : StrictMath.pow(drawn, 1 / shape);
        return Math.max(1, Math.round(Math.min(GAP_MS_MAX, scaleMs() * ofShape)));
    }
}
