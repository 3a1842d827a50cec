/**
 * Recomputes a cluster from its log, and reports contradictions. {@link io.gpuctl.audit.rules.PartitionCheck} reads the
 * records of one partition number of all topics, in parallel, and passes them to every
 * {@link io.gpuctl.audit.rules.Rule} in an order in which a cause comes before its effects. It keeps the current state
 * only, never the history.
 *
 * <p>Pure: no I/O, no Kafka, no clock, no threads. {@code gpuctl verify} supplies the records, on one thread.
 */
@NullMarked
package io.gpuctl.audit.rules;

import org.jspecify.annotations.NullMarked;
