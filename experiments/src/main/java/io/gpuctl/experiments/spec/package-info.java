/**
 * Experiment files: what they may say, and what is wrong with one. Reads the file and the node lists that it names, not the
 * workloads. Knows neither the engine nor a clock.
 */
@NullMarked
package io.gpuctl.experiments.spec;

import org.jspecify.annotations.NullMarked;
