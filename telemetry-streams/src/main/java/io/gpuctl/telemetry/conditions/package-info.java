/**
 * From samples of telemetry to the smoothed condition of a node, and to the windows that are kept of each GPU.
 *
 * <p>Pure: no I/O, no clock, no threads, no unseeded randomness, no hash order, no Kafka. Time comes in as an argument.
 */
@NullMarked
package io.gpuctl.telemetry.conditions;

import org.jspecify.annotations.NullMarked;
