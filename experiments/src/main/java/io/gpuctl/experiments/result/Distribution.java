package io.gpuctl.experiments.result;

import java.util.Arrays;

/** A set of numbers, sorted. Sums go from the smallest on, so that the order of the input changes no digit. */
public final class Distribution {

    private final double[] sorted;

    private Distribution(double[] sorted) {
        this.sorted = sorted;
    }

    /** A copy of these, sorted. */
    public static Distribution of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Distribution(sorted);
    }

    /** How many there are. */
    public int count() {
        return sorted.length;
    }

    /** The rank-th smallest, from 0. */
    public double get(int rank) {
        return sorted[rank];
    }

    /** NaN of nothing. */
    public double mean() {
        double sum = 0;
        for (double value : sorted) {
            sum += value;
        }
        return sum / sorted.length;
    }

    /**
     * The element at index {@code int(n x share)}, with no interpolation: the form of the published tables that we
     * compare with. In [0, 1).
     */
    public double quantile(double share) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
    }

    /** Sample standard deviation (n - 1); of more than one value. */
    public double standardDeviation() {
        double mean = mean();
        double squares = 0;
        for (double value : sorted) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (sorted.length - 1));
    }
}
