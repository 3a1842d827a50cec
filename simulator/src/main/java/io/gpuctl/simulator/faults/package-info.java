/**
 * Laws of failure and repair for each kind of fault, and the faults drawn from them with a seed.
 *
 * <p>Pure: no I/O, no clock, no threads, no unseeded randomness, no hash order, no Kafka. For one thread at a time.
 */
@NullMarked
package io.gpuctl.simulator.faults;

import org.jspecify.annotations.NullMarked;
