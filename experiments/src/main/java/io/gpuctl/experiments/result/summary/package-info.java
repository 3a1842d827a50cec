/** Combines runs that differ only by their seed. Pure. */
@NullMarked
package io.gpuctl.experiments.result.summary;

import org.jspecify.annotations.NullMarked;
