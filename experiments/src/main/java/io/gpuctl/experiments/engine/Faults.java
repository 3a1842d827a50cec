package io.gpuctl.experiments.engine;

import io.gpuctl.simulator.faults.FaultLaws;

/**
 * The faults of a virtual cluster.
 *
 * @param fallback repair times for faults that the laws do not cover, such as a GPU that heat alone shuts down
 * @param seed seed of all draws
 */
public record Faults(FaultLaws laws, FaultLaws fallback, long seed) {}
