package io.gpuctl.experiments.openmetrics;

/** One series, of which {@link SeriesBook} has the samples. */
final class Series {
    final int number;
    final Family family;
    private final String name;
    private final String labels;
    private double last = Double.NEGATIVE_INFINITY;
    private int samples;

    /** {@code suffix}: what is added to the family's name. */
    Series(int number, Family family, String suffix, String labels) {
        this.number = number;
        this.family = family;
        this.labels = labels;
        name = family.name() + suffix;
    }

    /** A sample more. Returns its value: a counter that would fall stays where it was. */
    double next(double value) {
        samples++;
        last = family.type().isCounted() ? Math.max(last, value) : value;
        return last;
    }

    int samples() {
        return samples;
    }

    /** As OpenMetrics has it, before the value. */
    String text() {
        return labels.isEmpty() ? name : name + "{" + labels + "}";
    }
}
