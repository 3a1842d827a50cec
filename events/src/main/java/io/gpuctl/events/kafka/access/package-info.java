/**
 * Who may do what on Kafka: one table, from which the rights are printed, given and checked. Everything here may be used
 * from any thread.
 */
@NullMarked
package io.gpuctl.events.kafka.access;

import org.jspecify.annotations.NullMarked;
