package io.gpuctl.events.metrics;

/**
 * What a service has to say at this moment. Asked at every scrape, by any thread, also several at a time; must answer at
 * once, from memory. What it does not know now it leaves out: a series that is missing is better than an old value.
 */
@FunctionalInterface
public interface MetricSource {
    /** Hands over each series once. */
    void collect(MetricSink sink);
}
