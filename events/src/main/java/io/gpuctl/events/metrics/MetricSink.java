package io.gpuctl.events.metrics;

/** Takes values of metrics. */
@FunctionalInterface
public interface MetricSink {
    /**
     * Takes the value of one series.
     *
     * @param labelValues one value for each of {@link Metric#labels}, in that order
     */
    void sample(Metric metric, double value, String... labelValues);

    /** Takes the value of one series as a whole number: exact up to 2^53. */
    default void sample(Metric metric, long value, String... labelValues) {
        sample(metric, (double) value, labelValues);
    }
}
