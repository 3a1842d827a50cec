/**
 * A cluster of separate processes on this machine, made to be broken: brokers, orchestrators, APIs and a simulator that can be
 * killed, paused and started again, one by one.
 *
 * <p>All processes are children of the runner and end with it: on a normal end, on a failure and on Ctrl-C.
 */
@NullMarked
package io.gpuctl.cli.chaos.cluster;

import org.jspecify.annotations.NullMarked;
