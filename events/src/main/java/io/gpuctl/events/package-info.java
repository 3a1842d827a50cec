/**
 * The contract between the services: commands (requests), reports (observations of nodes) and events (facts), as
 * immutable records that validate themselves.
 *
 * <p>Times are milliseconds of <em>cluster time</em> since 1970-01-01T00:00Z, see
 * {@link io.gpuctl.events.ClusterClock}. A GPU is 1000 milli. Memory is in MiB, CPU in thousandths of a core, power in
 * watts, temperature in degrees Celsius. A record that breaks its rules cannot be built: its constructor throws
 * {@link io.gpuctl.events.InvalidFieldException}, which names the field, the value and what is allowed.
 *
 * <p>All records are immutable and therefore thread-safe. This package depends neither on Kafka (see
 * {@code io.gpuctl.events.kafka}) nor on any other module.
 */
@NullMarked
package io.gpuctl.events;

import org.jspecify.annotations.NullMarked;
