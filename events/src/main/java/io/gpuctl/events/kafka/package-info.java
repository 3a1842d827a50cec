/**
 * The contract on Kafka: topics, JSON, partitioning and dead letters, in one place for every producer and consumer.
 * Everything here may be used from any thread.
 */
@NullMarked
package io.gpuctl.events.kafka;

import org.jspecify.annotations.NullMarked;
