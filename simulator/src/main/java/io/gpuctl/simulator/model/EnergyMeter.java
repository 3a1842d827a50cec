package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;

/** Gets the energy of each attempt. Called on the node's thread, within the call that ends the attempt. */
@FunctionalInterface
public interface EnergyMeter {
    /** Ignores the energy. */
    EnergyMeter NONE = (attempt, microjoules) -> {};

    /** Called when an attempt has ended on a node, with the energy that it has drawn there. */
    void ended(AttemptId attempt, long microjoules);
}
