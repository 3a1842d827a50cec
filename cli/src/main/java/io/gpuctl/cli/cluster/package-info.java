/**
 * {@code up} and {@code run}: run all services of a cluster, or one of them, in this process. The command's thread
 * starts and closes the services, and polls them for failures in their own threads.
 */
@NullMarked
package io.gpuctl.cli.cluster;

import org.jspecify.annotations.NullMarked;
