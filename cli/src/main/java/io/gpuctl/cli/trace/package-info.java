/**
 * {@code gpuctl trace}: describes workload files, and converts them into the project's own format. Independent of any
 * cluster.
 */
@NullMarked
package io.gpuctl.cli.trace;

import org.jspecify.annotations.NullMarked;
