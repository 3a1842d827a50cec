/**
 * Compares the results of an experiment with published values. Reads the file of published values; does not run
 * anything.
 */
@NullMarked
package io.gpuctl.experiments.expect;

import org.jspecify.annotations.NullMarked;
