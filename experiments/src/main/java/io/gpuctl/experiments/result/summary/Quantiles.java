package io.gpuctl.experiments.result.summary;

import io.gpuctl.experiments.result.Distribution;
import java.util.ArrayList;
import java.util.List;

/**
 * A distribution thinned to a few hundred points, evenly spaced by rank, from the smallest value to the largest.
 *
 * @param count number of values in the original distribution
 * @param points in ascending order
 */
public record Quantiles(int count, List<Point> points) {

    public static final int POINTS = 400;

    /** A point of the distribution: the share (0 to 1) of all values is at most {@code value}. */
    public record Point(double value, double share) {}

    public Quantiles {
        points = List.copyOf(points);
    }

    /** Returns the thinned distribution; keeps all values of a small one. */
    public static Quantiles of(Distribution distribution) {
        int count = distribution.count();
        int kept = Math.min(count, POINTS);
        List<Point> points = new ArrayList<>(kept);
        for (int i = 0; i < kept; i++) {
            int rank = kept == 1 ? 0 : (int) ((long) i * (count - 1) / (kept - 1));
            points.add(new Point(distribution.get(rank), (rank + 1.0) / count));
        }
        return new Quantiles(count, points);
    }

    /** Returns the share (0 to 1) of the values that are at most {@code value}. */
    public double shareUpTo(double value) {
        double share = 0;
        for (Point point : points) {
            if (point.value() > value) {
                break;
            }
            share = point.share();
        }
        return share;
    }
}
