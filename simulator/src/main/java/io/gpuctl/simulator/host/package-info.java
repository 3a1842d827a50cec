/**
 * The life of a node over all its starts: it starts, crashes, is cut off, reconnects, is repaired and shuts down. The
 * simulator and the experiments both run their nodes through this code, so that nodes behave the same in a replay.
 *
 * <p>Pure: no I/O, no clock, no threads, no Kafka. The caller passes the time in, schedules the plans, and sends the
 * messages of the nodes.
 */
@NullMarked
package io.gpuctl.simulator.host;

import org.jspecify.annotations.NullMarked;
