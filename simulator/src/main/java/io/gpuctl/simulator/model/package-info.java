/**
 * The physical model of nodes and GPUs: load, power, heat, throttling, faults.
 *
 * <p>Pure: no I/O, no clock, no threads, no unseeded randomness, no hash order, no Kafka. Time and randomness come in
 * as arguments.
 */
@NullMarked
package io.gpuctl.simulator.model;

import org.jspecify.annotations.NullMarked;
