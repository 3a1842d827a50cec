/**
 * Reads topics of a running or stopped cluster from one offset to another, for {@code verify} and {@code log}. For one
 * thread.
 */
@NullMarked
package io.gpuctl.cli.kafka;

import org.jspecify.annotations.NullMarked;
