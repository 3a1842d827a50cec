package io.gpuctl.experiments.result;

import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param at arrived load in % of the cluster's GPU capacity; null for a value of the whole run
 * @param value finite: what is undefined (the mean of nothing) has no value, rather than NaN
 */
public record MetricValue(Metric metric, @Nullable Integer at, double value) {

    public MetricValue {
        if (metric.isAtArrivedLoad() != (at != null)) {
            throw new IllegalArgumentException(
                    metric.id() + (at == null ? " is measured at an arrived load" : " is measured of a whole run"));
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(metric.id() + " is " + value);
        }
    }

    /** Of the whole run. */
    public static MetricValue of(Metric metric, double value) {
        return new MetricValue(metric, null, value);
    }

    /** Once that much load had arrived. */
    public static MetricValue at(int arrivedPercent, Metric metric, double value) {
        return new MetricValue(metric, arrivedPercent, value);
    }
}
