/**
 * Load on a cluster, and the measurement of its answers. A load generator measures its own CPU, because it shares the
 * machine with the cluster.
 *
 * <p>HTTP goes through Vert.x's client on one event loop. With {@code java.net.http}, a submission cost the load
 * generator several times as much CPU, more than it cost the cluster.
 */
@NullMarked
package io.gpuctl.cli.bench.load;

import org.jspecify.annotations.NullMarked;
