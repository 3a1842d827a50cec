package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;

/** Is told what each attempt has drawn. Called on the node's thread, within the call that ends the attempt. */
@FunctionalInterface
public interface EnergyMeter {
    /** Does not care. */
    EnergyMeter NONE = (attempt, microjoules) -> {};

    /** An attempt has ended, and has drawn so many millionths of a joule on its node. */
    void ended(AttemptId attempt, long microjoules);
}
