/**
 * The scheduler: its state, its decisions, and how facts change the state.
 *
 * <p>Pure: no I/O, no clock, no threads, no unseeded randomness, no hash order, no Kafka. Time is passed as an
 * argument. Called by one thread at a time.
 */
@NullMarked
package io.gpuctl.orchestrator.core;

import org.jspecify.annotations.NullMarked;
