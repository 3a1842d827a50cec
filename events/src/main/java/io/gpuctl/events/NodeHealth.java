package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The health of a node: the first constant that applies, from the top. The health is derived; no record carries it. */
public enum NodeHealth {
    /** Silent for so long that its tasks were requeued; or shut down. */
    @JsonProperty("lost")
    LOST,
    /** Missed heartbeats. */
    @JsonProperty("suspect")
    SUSPECT,
    /** Cordoned, and its attempts were stopped or are being stopped. */
    @JsonProperty("draining")
    DRAINING,
    /** Gets no new tasks. */
    @JsonProperty("cordoned")
    CORDONED,
    /** Works, but a GPU is out of service, or the node was slow recently. */
    @JsonProperty("degraded")
    DEGRADED,
    @JsonProperty("healthy")
    HEALTHY;

    /**
     * Returns the health of a node.
     *
     * @param cordoned whether the node gets no new tasks
     * @param drain whether the node's attempts are stopped; only counts if the node is cordoned
     * @param degraded whether a GPU is out of service, or slow reports are being counted
     */
    public static NodeHealth of(NodeState state, boolean cordoned, boolean drain, boolean degraded) {
        return switch (state) {
            case LOST, DOWN -> LOST;
            case SUSPECT -> SUSPECT;
            case UP -> {
                if (cordoned) {
                    yield drain ? DRAINING : CORDONED;
                }
                yield degraded ? DEGRADED : HEALTHY;
            }
        };
    }
}
