/**
 * Load on a cluster, and the measurement of its answers. A load generator measures its own CPU, because it shares the
 * machine with the cluster.
 *
 * <p>HTTP goes through Vert.x's client on one event loop. At some hundreds of submissions a second (two shared cores,
 * C1), a submission costs the load generator 0.3 ms of CPU. With {@code java.net.http}, formatted bodies and a parser
 * for every fact it was 0.8 ms.
 */
@NullMarked
package io.gpuctl.cli.bench.load;

import org.jspecify.annotations.NullMarked;
