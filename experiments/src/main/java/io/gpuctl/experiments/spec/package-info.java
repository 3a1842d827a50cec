/**
 * Reads and validates experiment files. Reads the file and the node lists that it names, but not the workloads. Does
 * not depend on the engine or a clock.
 */
@NullMarked
package io.gpuctl.experiments.spec;

import org.jspecify.annotations.NullMarked;
