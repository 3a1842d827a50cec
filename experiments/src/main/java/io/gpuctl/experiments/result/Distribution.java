package io.gpuctl.experiments.result;

import java.util.Arrays;

/** A sorted set of numbers. Sums start with the smallest, so that the order of the input does not change any digit. */
public final class Distribution {

    private final double[] sorted;

    private Distribution(double[] sorted) {
        this.sorted = sorted;
    }

    /** Returns the distribution of a copy of these values. */
    public static Distribution of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Distribution(sorted);
    }

    /** Returns the number of values. */
    public int count() {
        return sorted.length;
    }

    /** Returns the {@code rank}-th smallest value, from 0. */
    public double get(int rank) {
        return sorted[rank];
    }

    /** Returns the mean; NaN if there are no values. */
    public double mean() {
        double sum = 0;
        for (double value : sorted) {
            sum += value;
        }
        return sum / sorted.length;
    }

    /**
     * Returns the value at index {@code int(n x share)}, for a share in [0, 1), without interpolation, as in the
     * published tables that we compare with.
     */
    public double quantile(double share) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
    }

    /** Returns the sample standard deviation (n - 1) of at least two values. */
    public double standardDeviation() {
        double mean = mean();
        double squares = 0;
        for (double value : sorted) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (sorted.length - 1));
    }
}
