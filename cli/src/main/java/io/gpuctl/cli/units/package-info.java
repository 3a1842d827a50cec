/**
 * How quantities look on the command line: durations, sizes, GPUs. A unit is always written, so that no number can be
 * taken for another. Pure.
 */
@NullMarked
package io.gpuctl.cli.units;

import org.jspecify.annotations.NullMarked;
