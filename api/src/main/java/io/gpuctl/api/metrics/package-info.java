/**
 * The endpoints that Prometheus reads: a page for each node, the list of these pages, and {@code /metrics}. Event loops
 * create the pages of nodes, without blocking.
 *
 * <p>For {@code /metrics}, a {@link io.gpuctl.events.metrics.MetricSource} reports values at the moment of a scrape, on
 * a worker thread; Micrometer's own meters (histograms, the JVM, HTTP, Kafka's clients) are in the same registry.
 */
@NullMarked
package io.gpuctl.api.metrics;

import org.jspecify.annotations.NullMarked;
