/**
 * A whole cluster in virtual time: one event loop drives the scheduler's core, the node model and the smoothing of
 * telemetry, which are the same as in a live cluster.
 *
 * <p>Order is total: by time (ms), then in the order of planning. Only the work of tasks takes time: a command reaches
 * its node, and a report reaches the scheduler, in the millisecond in which it was sent.
 *
 * <p>Pure: no Kafka, no I/O, no wall clock, no threads, no unseeded randomness. A run belongs to one thread; several
 * runs may run in parallel.
 */
@NullMarked
package io.gpuctl.experiments.engine;

import org.jspecify.annotations.NullMarked;
