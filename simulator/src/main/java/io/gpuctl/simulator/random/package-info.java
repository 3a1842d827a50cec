/** Seeded randomness for simulations. Pure. */
@NullMarked
package io.gpuctl.simulator.random;

import org.jspecify.annotations.NullMarked;
