package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The pattern in which a task's load on its GPUs varies, for nodes that simulate the task. */
public enum LoadProfile {
    /** A constant load. */
    @JsonProperty("steady")
    STEADY,
    /** Training on many GPUs: full load except for the pauses in which gradients are exchanged. */
    @JsonProperty("training_large")
    TRAINING_LARGE,
    /** Training on one or a few GPUs, with occasional waits for data. */
    @JsonProperty("training_small")
    TRAINING_SMALL,
    /** Inference: the number of requests varies. */
    @JsonProperty("inference")
    INFERENCE,
    /** Interactive work: short bursts, long pauses. */
    @JsonProperty("notebook")
    NOTEBOOK
}
