package io.gpuctl.simulator.runtime;

import io.gpuctl.simulator.faults.FaultLaws;

/**
 * What breaks by itself on the nodes of a simulator.
 *
 * @param seed what is drawn from, with each node's id
 */
public record FaultSettings(FaultLaws laws, long seed) {
    /** Nothing; injected faults still happen. */
    public static final FaultSettings OFF = new FaultSettings(FaultLaws.OFF, 1);
}
