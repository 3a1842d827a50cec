/**
 * JMH benchmarks of the scheduler's core: what one decision costs as the cluster grows, and how long a published
 * experiment takes. They measure the whole core, from an input to the facts that have been folded into the state; Kafka,
 * JSON and files are not in it.
 */
@NullMarked
package io.gpuctl.benchmarks;

import org.jspecify.annotations.NullMarked;
