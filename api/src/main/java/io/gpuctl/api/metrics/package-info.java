/**
 * What Prometheus gets at {@code /metrics}. A {@link io.gpuctl.events.metrics.MetricSource} says what is so at the moment of a
 * scrape; what Micrometer counts by itself (histograms, the JVM, HTTP, Kafka's clients) stands beside it in the same registry.
 */
@NullMarked
package io.gpuctl.api.metrics;

import org.jspecify.annotations.NullMarked;
