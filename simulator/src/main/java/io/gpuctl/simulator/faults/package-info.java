/**
 * What breaks when: laws of failure and repair for each kind of fault, and the faults that a seed draws from them.
 *
 * <p>Pure: no I/O, no clock, no threads, no unseeded randomness, no hash order, no Kafka. Of one thread at a time.
 */
@NullMarked
package io.gpuctl.simulator.faults;

import org.jspecify.annotations.NullMarked;
