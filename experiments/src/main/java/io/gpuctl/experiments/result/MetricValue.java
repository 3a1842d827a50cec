package io.gpuctl.experiments.result;

import org.jspecify.annotations.Nullable;

/**
 * The value of a metric.
 *
 * @param at arrived load in % of the cluster's GPU capacity; null for a value of the whole run
 * @param value finite; an undefined value, such as the mean of no tasks, is left out and not NaN
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

    /** Returns a value of the whole run. */
    public static MetricValue of(Metric metric, double value) {
        return new MetricValue(metric, null, value);
    }

    /** Returns a value at an arrived load. */
    public static MetricValue at(int arrivedPercent, Metric metric, double value) {
        return new MetricValue(metric, arrivedPercent, value);
    }
}
