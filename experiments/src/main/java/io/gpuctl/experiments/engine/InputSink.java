package io.gpuctl.experiments.engine;

import io.gpuctl.events.Cause;
import io.gpuctl.events.PoolInput;

/** Takes the inputs of a run's scheduler, in order: commands, reports, events and conditions of nodes. */
@FunctionalInterface
public interface InputSink {
    /** {@code place}: the topic, partition and offset that the input would have in a live cluster. */
    void accept(Cause place, PoolInput input);
}
