/**
 * The views of tasks, nodes, users and pools, as a fold over the facts.
 *
 * <p>Pure: no I/O, no clock, no threads, no unseeded randomness, no hash order, no Kafka. Time comes in as an argument.
 */
@NullMarked
package io.gpuctl.telemetry.views;

import org.jspecify.annotations.NullMarked;
