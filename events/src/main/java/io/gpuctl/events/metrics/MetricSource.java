package io.gpuctl.events.metrics;

/**
 * The current metrics of a service. Called at every scrape, from any thread, also concurrently; must answer at once,
 * from memory. A source leaves out values that it does not know now: a missing series is better than an old value.
 */
@FunctionalInterface
public interface MetricSource {
    /** Passes each series to the sink once. */
    void collect(MetricSink sink);
}
