package io.gpuctl.experiments.engine;

import io.gpuctl.simulator.faults.FaultLaws;

/**
 * What breaks in a virtual cluster.
 *
 * @param fallback how long a repair takes of which the laws say nothing, such as of a GPU that heat alone shuts down
 * @param seed what is drawn from
 */
public record Faults(FaultLaws laws, FaultLaws fallback, long seed) {}
