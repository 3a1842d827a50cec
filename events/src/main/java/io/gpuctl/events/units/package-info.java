/**
 * How quantities look to people, on the command line and in files: durations, sizes, GPUs. A unit is always written, so
 * that no number can be taken for another. Pure.
 */
@NullMarked
package io.gpuctl.events.units;

import org.jspecify.annotations.NullMarked;
