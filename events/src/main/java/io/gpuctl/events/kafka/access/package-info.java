/**
 * The rights of users on Kafka: one table, from which rights are printed, granted and checked. Everything here may be
 * used from any thread.
 */
@NullMarked
package io.gpuctl.events.kafka.access;

import org.jspecify.annotations.NullMarked;
