package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a task's load on its GPUs goes up and down, for nodes that simulate it. */
public enum LoadProfile {
    /** The same all the time. */
    @JsonProperty("steady")
    STEADY,
    /** Training over many GPUs: at full load but for the pauses in which gradients are exchanged. */
    @JsonProperty("training_large")
    TRAINING_LARGE,
    /** Training on one or a few GPUs, which waits for its data now and then. */
    @JsonProperty("training_small")
    TRAINING_SMALL,
    /** Answers requests, which come and go. */
    @JsonProperty("inference")
    INFERENCE,
    /** Somebody tries things out: short bursts, long pauses. */
    @JsonProperty("notebook")
    NOTEBOOK
}
