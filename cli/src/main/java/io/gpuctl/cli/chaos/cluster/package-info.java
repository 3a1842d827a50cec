/**
 * A cluster of separate processes on this machine for chaos tests: brokers, orchestrators, APIs and a simulator, each
 * of which can be killed, paused and restarted.
 *
 * <p>All processes are children of the runner and end with it: on a normal end, on a failure and on Ctrl-C.
 */
@NullMarked
package io.gpuctl.cli.chaos.cluster;

import org.jspecify.annotations.NullMarked;
