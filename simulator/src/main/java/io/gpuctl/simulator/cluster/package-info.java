/**
 * What nodes a simulated cluster has: from flags, from a file, and what is known of GPU models. Reads files; knows
 * neither Kafka nor the clock. May be used from any thread.
 */
@NullMarked
package io.gpuctl.simulator.cluster;

import org.jspecify.annotations.NullMarked;
