/**
 * The files of an experiment.
 *
 * <p>The engine hands a finished run to the {@link io.gpuctl.experiments.result.files.RunStore}, on the run's own thread:
 * it is durable when {@code save} returns, so an experiment that is killed goes on with what is missing. At the end, on
 * one thread, {@link io.gpuctl.experiments.result.files.ResultFiles} reads the runs back one by one, in the order of
 * their keys, and writes what people read: the order in which runs finished, and the number of threads, change no byte.
 *
 * <p>Knows neither the engine nor a clock.
 */
@NullMarked
package io.gpuctl.experiments.result.files;

import org.jspecify.annotations.NullMarked;
