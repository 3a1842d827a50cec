package io.gpuctl.experiments.engine;

import io.gpuctl.events.Cause;
import io.gpuctl.events.PoolInput;

/** Takes what a scheduler is given in a run, in order: commands, reports, events and conditions of nodes. */
@FunctionalInterface
public interface InputSink {
    /** {@code place}: the topic, partition and offset that the input would have live. */
    void accept(Cause place, PoolInput input);
}
