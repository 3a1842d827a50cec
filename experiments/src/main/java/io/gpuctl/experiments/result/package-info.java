/**
 * The result of a run: the outcome of each task, and the metrics. The run's own thread fills in the result.
 * {@code files} stores results and writes the files for users, {@code summary} has the statistics over seeds, and
 * {@code report} has the page with the plots.
 *
 * <p>Does not depend on the engine, files or a clock.
 */
@NullMarked
package io.gpuctl.experiments.result;

import org.jspecify.annotations.NullMarked;
