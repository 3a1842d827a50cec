package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an operator may have go wrong on a simulated node. */
public enum FaultKind {
    /** The driver reports an error of a GPU by its number. */
    @JsonProperty("xid")
    XID,
    /** A GPU becomes so hot that it switches itself off. */
    @JsonProperty("thermal_shutdown")
    THERMAL_SHUTDOWN,
    /** The node stops at once, with all that runs on it, and starts anew later. */
    @JsonProperty("node_crash")
    NODE_CRASH,
    /** The node goes on, but nothing that it says is heard, and it hears nothing. */
    @JsonProperty("partition")
    PARTITION,
    /** A GPU, or all of the node, does its work slower than its clock says. */
    @JsonProperty("straggler")
    STRAGGLER,
    /** A GPU corrects an error of its memory: it goes on, and counts it. */
    @JsonProperty("ecc_single_bit")
    ECC_SINGLE_BIT;

    /** Whether it can befall one GPU of a node; the others befall the node with all that it has. */
    public boolean canStrikeOneGpu() {
        return switch (this) {
            case XID, THERMAL_SHUTDOWN, STRAGGLER, ECC_SINGLE_BIT -> true;
            case NODE_CRASH, PARTITION -> false;
        };
    }
}
