package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The reachability of a node, which decides whether the node can get work. */
public enum NodeState {
    /** Registered, and heard from recently. */
    @JsonProperty("up")
    UP,
    /** Missed heartbeats: keeps its tasks, gets no new tasks. */
    @JsonProperty("suspect")
    SUSPECT,
    /** Silent for so long that its tasks were requeued. */
    @JsonProperty("lost")
    LOST,
    /** Shut down on purpose. */
    @JsonProperty("down")
    DOWN
}
