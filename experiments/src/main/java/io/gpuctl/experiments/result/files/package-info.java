/**
 * The files of an experiment.
 *
 * <p>The thread of a run saves the finished run in the {@link io.gpuctl.experiments.result.files.RunStore}. The run is
 * durable when {@code save} returns, so an experiment that is killed continues with the missing runs. At the end, on
 * one thread, {@link io.gpuctl.experiments.result.files.ResultFiles} reads the runs back one by one, in the order of
 * their keys, and writes the files for users. The order in which runs finished and the number of threads do not change
 * any byte.
 *
 * <p>Does not depend on the engine or a clock.
 */
@NullMarked
package io.gpuctl.experiments.result.files;

import org.jspecify.annotations.NullMarked;
