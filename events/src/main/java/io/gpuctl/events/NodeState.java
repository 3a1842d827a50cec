package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a node can be given work. */
public enum NodeState {
    /** Registered, and heard of recently. */
    @JsonProperty("up")
    UP,
    /** Missed heartbeats: keeps its tasks, gets no new ones. */
    @JsonProperty("suspect")
    SUSPECT,
    /** Silent for so long that its tasks were requeued. */
    @JsonProperty("lost")
    LOST,
    /** Said goodbye. */
    @JsonProperty("down")
    DOWN
}
