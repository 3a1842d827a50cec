/**
 * Recomputes a cluster from its log, and says what does not agree. {@link io.gpuctl.cli.verify.rules.PartitionCheck}
 * reads the records of one partition number of all topics, side by side, and shows them to every {@link
 * io.gpuctl.cli.verify.rules.Rule} in an order in which a cause comes before its effects. It keeps what is true at the
 * moment, never the history. One thread; no Kafka, no clock.
 */
@NullMarked
package io.gpuctl.cli.verify.rules;

import org.jspecify.annotations.NullMarked;
