package io.gpuctl.simulator.runtime;

import io.gpuctl.simulator.faults.FaultLaws;

/**
 * The random faults of a simulator's nodes.
 *
 * @param seed seed of the faults, combined with each node's id
 */
public record FaultSettings(FaultLaws laws, long seed) {
    /** No random faults; injected faults still happen. */
    public static final FaultSettings OFF = new FaultSettings(FaultLaws.OFF, 1);
}
