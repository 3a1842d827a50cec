package io.gpuctl.events.metrics;

/** Takes values of metrics. */
@FunctionalInterface
public interface MetricSink {
    /**
     * Takes the value of one series.
     *
     * @param labelValues one for each of {@link Metric#labels}, in that order
     */
    void sample(Metric metric, double value, String... labelValues);
}
