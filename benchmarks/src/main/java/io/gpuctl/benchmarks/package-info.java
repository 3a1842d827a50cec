/**
 * JMH benchmarks of the scheduler's core: what one decision costs as the cluster grows, and how long a published
 * experiment takes. They measure the whole core, from an input to the facts that have been folded into the state; Kafka,
 * JSON and files are not in it. And of the physical model of nodes, and of what they send of it each second.
 */
@NullMarked
package io.gpuctl.benchmarks;

import org.jspecify.annotations.NullMarked;
