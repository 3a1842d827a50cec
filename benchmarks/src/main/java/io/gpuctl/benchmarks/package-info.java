/**
 * JMH benchmarks. Those of the scheduler's core measure what one decision costs as the cluster grows, and how long a
 * published experiment takes. They measure the whole core, from an input to the facts folded into the state, without
 * Kafka, JSON and files. Others measure the physical model of nodes, and the telemetry that nodes send each second.
 */
@NullMarked
package io.gpuctl.benchmarks;

import org.jspecify.annotations.NullMarked;
