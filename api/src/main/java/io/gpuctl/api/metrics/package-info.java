/**
 * What Prometheus reads: a page for each node, where these pages are, and {@code /metrics}. Event loops call what makes the pages
 * of nodes, which does not block.
 *
 * <p>Of {@code /metrics}, a {@link io.gpuctl.events.metrics.MetricSource} says what is so at the moment of a scrape, on a worker
 * thread; what Micrometer counts by itself (histograms, the JVM, HTTP, Kafka's clients) stands beside it in the same registry.
 */
@NullMarked
package io.gpuctl.api.metrics;

import org.jspecify.annotations.NullMarked;
