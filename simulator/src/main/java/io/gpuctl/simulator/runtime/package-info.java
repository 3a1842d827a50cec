/** Runs the simulated nodes against Kafka and the wall clock: consumes placements, publishes telemetry and reports. */
@NullMarked
package io.gpuctl.simulator.runtime;

import org.jspecify.annotations.NullMarked;
