/**
 * Whole experiments: which runs an experiment has, how runs of each kind are executed, and the parallel execution of
 * all runs.
 *
 * <p>One thread executes a run from beginning to end and saves it. The run's result depends only on its key and on the
 * experiment. Only {@link io.gpuctl.experiments.run.ExperimentRunner} starts threads and reads a clock, for its own
 * statistics.
 */
@NullMarked
package io.gpuctl.experiments.run;

import org.jspecify.annotations.NullMarked;
