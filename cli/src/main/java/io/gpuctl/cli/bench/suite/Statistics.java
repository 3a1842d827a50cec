package io.gpuctl.cli.bench.suite;

import java.util.List;
import java.util.Optional;

/** Statistics of a figure over the rounds. */
final class Statistics {
    private Statistics() {}

    /** Returns the middle value, or the mean of the two middle values. {@code values}: at least one. */
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a median needs a value");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Returns the difference between the highest and the lowest value. {@code values}: at least one. */
    static double spread(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow()
                - values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /**
     * Returns whether two medians differ by more than the rounds of either do among themselves; empty if both have one
     * round, which has no spread.
     */
    static Optional<Boolean> exceedsSpread(List<Double> before, List<Double> after) {
        if (before.size() == 1 && after.size() == 1) {
            return Optional.empty();
        }
        return Optional.of(Math.abs(median(after) - median(before)) > Math.max(spread(before), spread(after)));
    }
}
