/**
 * The nodes of a simulated cluster, from flags or from a file, and the catalogue of GPU models. Reads files; uses
 * neither Kafka nor the clock. May be used from any thread.
 */
@NullMarked
package io.gpuctl.simulator.cluster;

import org.jspecify.annotations.NullMarked;
