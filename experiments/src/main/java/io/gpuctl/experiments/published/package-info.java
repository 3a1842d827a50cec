/**
 * Exact copies of published experiments, with their own clocks, double arithmetic and order of operations, so that they
 * reproduce the published values to every digit. Decisions use the scheduler's own orders and layout of gangs.
 *
 * <p>Pure: no I/O, no clock, no threads, no randomness. Times are seconds, as the publications count them.
 */
@NullMarked
package io.gpuctl.experiments.published;

import org.jspecify.annotations.NullMarked;
