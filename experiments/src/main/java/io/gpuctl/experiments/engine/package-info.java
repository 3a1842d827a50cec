/**
 * A whole cluster in virtual time: the scheduler's core, the node model and the smoothing of telemetry, the same that run
 * live, around one event loop.
 *
 * <p>Order is total: by time (ms), then in the order of planning. Nothing takes time but the work of tasks: a command
 * reaches its node, and a report the scheduler, in the millisecond in which it was sent.
 *
 * <p>Pure: no Kafka, no I/O, no wall clock, no threads, no chance. One run is one thread's; runs go side by side.
 */
@NullMarked
package io.gpuctl.experiments.engine;

import org.jspecify.annotations.NullMarked;
