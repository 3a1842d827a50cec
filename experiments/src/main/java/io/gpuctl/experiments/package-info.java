/**
 * Experiments: the scheduler's core and the node model in virtual time, without Kafka; their workloads and their
 * results.
 *
 * <p>A run belongs to one thread, reads no clock and uses only seeded randomness: the same input gives the same bytes.
 */
@NullMarked
package io.gpuctl.experiments;

import org.jspecify.annotations.NullMarked;
