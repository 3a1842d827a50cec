package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a node gets no new tasks. */
public enum CordonCause {
    /** Somebody asked for it: only an operator ends it. */
    @JsonProperty("operator")
    OPERATOR,
    /** Its hardware failed: ends when the node starts anew, after its repair. */
    @JsonProperty("fault")
    FAULT,
    /** It was slow for too long: ends after some time. */
    @JsonProperty("straggler")
    STRAGGLER
}
