/**
 * Reading the topics of a cluster, running or stopped, from one offset to another: what {@code verify} and {@code log}
 * share. For one thread.
 */
@NullMarked
package io.gpuctl.cli.kafka;

import org.jspecify.annotations.NullMarked;
