/**
 * Turns telemetry samples into smoothed node conditions and into windows of a node's GPUs.
 *
 * <p>Pure: no I/O, no clock, no threads, no unseeded randomness, no hash order, no Kafka. Time comes in as an argument.
 */
@NullMarked
package io.gpuctl.telemetry.conditions;

import org.jspecify.annotations.NullMarked;
