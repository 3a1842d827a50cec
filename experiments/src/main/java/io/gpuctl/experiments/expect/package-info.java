/** Compares the results of an experiment with published values. Reads the file of those values; knows nothing of runs. */
@NullMarked
package io.gpuctl.experiments.expect;

import org.jspecify.annotations.NullMarked;
