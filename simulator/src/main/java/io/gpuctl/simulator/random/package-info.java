/** Seeded randomness for all that is simulated. Pure. */
@NullMarked
package io.gpuctl.simulator.random;

import org.jspecify.annotations.NullMarked;
