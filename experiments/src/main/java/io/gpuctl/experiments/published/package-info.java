/**
 * Published experiments, to the letter: their own clocks, their own doubles and their own order of operations, so that
 * their published values come out to every digit. What decides is the scheduler's own: its orders and its layout of gangs.
 *
 * <p>Pure: no I/O, no clock, no threads, no randomness. Times are seconds, as the publications count them.
 */
@NullMarked
package io.gpuctl.experiments.published;

import org.jspecify.annotations.NullMarked;
