package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How well a node is, in one word: the first that applies, from the top. Derived; no record carries it. */
public enum NodeHealth {
    /** Silent for so long that its tasks were requeued, or shut down. */
    @JsonProperty("lost")
    LOST,
    /** Missed heartbeats. */
    @JsonProperty("suspect")
    SUSPECT,
    /** Cordoned, and what ran there was or is being stopped. */
    @JsonProperty("draining")
    DRAINING,
    /** Gets no new tasks. */
    @JsonProperty("cordoned")
    CORDONED,
    /** Works, but a GPU is out, or it was slow just now. */
    @JsonProperty("degraded")
    DEGRADED,
    @JsonProperty("healthy")
    HEALTHY;

    /**
     * The health of a node.
     *
     * @param cordoned whether it gets no new tasks
     * @param drain whether what ran there is stopped; only of a node that is cordoned
     * @param degraded whether a GPU is out or slow reports are being counted
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
