package io.gpuctl.events;

/**
 * An error that NVIDIA's driver reports by number.
 *
 * @param number as the driver's log names it
 * @param mnemonic NVIDIA's name for it
 * @param meaning what happened, for people
 * @param advice the action that NVIDIA recommends at once
 * @param action what the scheduler does
 * @param isTasksFault whether the attempts that it ends failed by their own fault: their nodes report {@link
 *     TaskReport.Failed}, else {@link TaskReport.Faulted}
 */
public record Xid(int number, String mnemonic, String meaning, Advice advice, Action action, boolean isTasksFault) {
    /** The largest number that is read of a record. */
    public static final int NUMBER_MAX = 9_999;

    /** Above every number that NVIDIA has given out: more in a fault that somebody asks for is a mistake. */
    public static final int ASKED_MAX = 999;

    /** NVIDIA's resolution buckets for immediate action. */
    public enum Advice {
        /** Nothing to do. */
        IGNORE,
        /** Start the program again. */
        RESTART_APP,
        /** Reset the GPU, once nothing runs on it. */
        RESET_GPU,
        /** Start the machine again. */
        RESTART_BM,
        /** Look for the error before, which ended the programs. */
        WORKFLOW_XID_45,
        /** Drain the node and reset the GPU, unless another error says that it was contained. */
        WORKFLOW_XID_48,
        /** Find out which end of the link is at fault; reset. */
        WORKFLOW_NVLINK_ERR,
        /** The same for the links of Blackwell and later. */
        WORKFLOW_NVLINK5_ERR,
        /** Check the power cables. */
        CHECK_MECHANICALS,
        /** Update the software or firmware. */
        UPDATE_SWFW,
        /** Start the virtual machine again. */
        RESTART_VM,
        /** Do what the error's text says. */
        XID_154,
        /** Report it to NVIDIA. */
        CONTACT_SUPPORT
    }

    /** What the scheduler does besides noting it. The attempts that it ends are for their node to report. */
    public enum Action {
        /** Nothing: it is shown with the node. */
        NOTE,
        /** Nothing to the node: what runs on the GPU ends. */
        END_ATTEMPTS,
        /** The node is cordoned until somebody has looked at it: what runs there goes on. */
        CORDON_NODE,
        /** The GPU is out: what runs on it ends, the rest of the node goes on. */
        TAKE_GPU_OUT,
        /** What runs on the GPU ends; the node is cordoned, and the rest is moved elsewhere, so that it can be reset. */
        DRAIN_NODE
    }

    public Xid {
        Check.inRange("xid", number, 1, NUMBER_MAX);
    }

    /** The same error with another action. */
    Xid with(Action other) {
        return new Xid(number, mnemonic, meaning, advice, other, isTasksFault);
    }
}
