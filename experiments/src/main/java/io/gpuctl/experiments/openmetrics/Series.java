package io.gpuctl.experiments.openmetrics;

/** One series. {@link SeriesBook} has its samples. */
final class Series {
    final int number;
    final Family family;
    private final String name;
    private final String labels;
    private double last = Double.NEGATIVE_INFINITY;
    private int samples;

    /** {@code suffix} is added to the family's name. */
    Series(int number, Family family, String suffix, String labels) {
        this.number = number;
        this.family = family;
        this.labels = labels;
        name = family.name() + suffix;
    }

    /** Counts a sample and returns its value. A counter that would fall keeps its last value. */
    double next(double value) {
        samples++;
        last = family.type().isCounted() ? Math.max(last, value) : value;
        return last;
    }

    int samples() {
        return samples;
    }

    /** Returns the name and the labels, as OpenMetrics writes them before a value. */
    String text() {
        return labels.isEmpty() ? name : name + "{" + labels + "}";
    }
}
