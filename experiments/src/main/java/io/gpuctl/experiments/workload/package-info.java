/**
 * The workloads of experiments: drawn from distributions, or made from the tasks of a recorded workload. Pure: all
 * randomness is seeded, separately for each purpose.
 */
@NullMarked
package io.gpuctl.experiments.workload;

import org.jspecify.annotations.NullMarked;
