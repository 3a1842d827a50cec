/**
 * The formats of quantities for people, on the command line and in files: durations, sizes, GPUs. A unit is always
 * written, so that no number is misread. All functions are pure.
 */
@NullMarked
package io.gpuctl.events.units;

import org.jspecify.annotations.NullMarked;
