/**
 * Recomputes a cluster from its log, and says what does not agree. {@link io.gpuctl.audit.rules.PartitionCheck} reads the
 * records of one partition number of all topics, side by side, and shows them to every {@link io.gpuctl.audit.rules.Rule}
 * in an order in which a cause comes before its effects. It keeps what is true at the moment, never the history.
 *
 * <p>Pure: no I/O, no Kafka, no clock, no threads. {@code gpuctl verify} brings the records, on one thread.
 */
@NullMarked
package io.gpuctl.audit.rules;

import org.jspecify.annotations.NullMarked;
