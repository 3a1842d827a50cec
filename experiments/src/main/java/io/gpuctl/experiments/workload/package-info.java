/**
 * What experiments submit: drawn from distributions, or made of the tasks of a recorded workload. Pure: all randomness is
 * seeded, for each purpose apart.
 */
@NullMarked
package io.gpuctl.experiments.workload;

import org.jspecify.annotations.NullMarked;
