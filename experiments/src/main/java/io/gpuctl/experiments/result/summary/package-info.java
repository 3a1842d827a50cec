/** Runs that differ by their seed only, taken together. Pure. */
@NullMarked
package io.gpuctl.experiments.result.summary;

import org.jspecify.annotations.NullMarked;
