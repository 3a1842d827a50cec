/**
 * How telemetry samples become a node's condition, and events become views.
 *
 * <p>Pure: no I/O, no clock, no threads, no unseeded randomness, no hash order, no Kafka. Time comes in as an argument.
 */
@NullMarked
package io.gpuctl.telemetry.core;

import org.jspecify.annotations.NullMarked;
