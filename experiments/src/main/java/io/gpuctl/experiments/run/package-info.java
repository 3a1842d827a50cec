/**
 * Experiments as a whole: which runs there are, how each kind is done, and all of them side by side.
 *
 * <p>A run is one thread's from beginning to end, and is saved on that thread; its result depends on its key and on the
 * experiment alone. Only {@link io.gpuctl.experiments.run.ExperimentRunner} has threads and looks at a clock, for the
 * figures about itself.
 */
@NullMarked
package io.gpuctl.experiments.run;

import org.jspecify.annotations.NullMarked;
