package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The cause of a cordon, which keeps new tasks off a node. */
public enum CordonCause {
    /** An operator asked for the cordon: only an operator ends it. */
    @JsonProperty("operator")
    OPERATOR,
    /** The node's hardware failed: the cordon ends when the node restarts after its repair. */
    @JsonProperty("fault")
    FAULT,
    /** The node was slow for too long: the cordon ends after some time. */
    @JsonProperty("straggler")
    STRAGGLER
}
