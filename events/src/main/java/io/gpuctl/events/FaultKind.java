package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of faults that an operator can inject into a simulated node. */
public enum FaultKind {
    /** The driver reports a numbered error of a GPU. */
    @JsonProperty("xid")
    XID,
    /** A GPU becomes so hot that it switches itself off. */
    @JsonProperty("thermal_shutdown")
    THERMAL_SHUTDOWN,
    /** The node and everything on it stop at once; the node restarts later. */
    @JsonProperty("node_crash")
    NODE_CRASH,
    /** The node keeps running, but its messages do not arrive, and it receives none. */
    @JsonProperty("partition")
    PARTITION,
    /** A GPU or the whole node works more slowly than its clock says. */
    @JsonProperty("straggler")
    STRAGGLER,
    /** A GPU corrects an error of its memory: it counts the error and keeps working. */
    @JsonProperty("ecc_single_bit")
    ECC_SINGLE_BIT;

    /** Returns whether the fault can strike a single GPU; the other kinds strike the whole node. */
    public boolean canStrikeOneGpu() {
        return switch (this) {
            case XID, THERMAL_SHUTDOWN, STRAGGLER, ECC_SINGLE_BIT -> true;
            case NODE_CRASH, PARTITION -> false;
        };
    }
}
