/**
 * The life of a node over its starts: it starts, crashes, is cut off, reconnects, is repaired and shuts down. The simulator
 * and the experiments run their nodes through this code, so that a replay is of the same nodes.
 *
 * <p>Pure: no I/O, no clock, no threads, no Kafka. The caller passes the time in, schedules what is planned, and sends what
 * the nodes say.
 */
@NullMarked
package io.gpuctl.simulator.host;

import org.jspecify.annotations.NullMarked;
