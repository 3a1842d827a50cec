/**
 * The scheduler's state, what it decides and how a fact changes it.
 *
 * <p>Pure: no I/O, no clock, no threads, no unseeded randomness, no hash order, no Kafka. Time comes in as an argument.
 * Called by one thread at a time.
 */
@NullMarked
package io.gpuctl.orchestrator.core;

import org.jspecify.annotations.NullMarked;
