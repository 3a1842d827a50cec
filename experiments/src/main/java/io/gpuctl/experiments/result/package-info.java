/**
 * What a run yields: the outcome of each task, and what is measured of it all. The engine fills it in on the run's own
 * thread. {@code files} keeps it and writes what people read, {@code summary} is the statistics over seeds, {@code
 * report} the page with the plots.
 *
 * <p>Knows neither the engine nor a file nor a clock.
 */
@NullMarked
package io.gpuctl.experiments.result;

import org.jspecify.annotations.NullMarked;
