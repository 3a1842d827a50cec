package io.gpuctl.events;

/**
 * An error that NVIDIA's driver reports by number.
 *
 * @param number as in the driver's log
 * @param mnemonic NVIDIA's name for it
 * @param meaning what happened, for people
 * @param advice the action that NVIDIA recommends at once
 * @param action what the scheduler does
 * @param isTasksFault whether the attempts that the error ends are to blame: their nodes report
 *     {@link TaskReport.Failed}, else {@link TaskReport.Faulted}
 */
public record Xid(int number, String mnemonic, String meaning, Advice advice, Action action, boolean isTasksFault) {
    /** The largest number that a record may have. */
    public static final int NUMBER_MAX = 9_999;

    /**
     * The largest number of an injected fault. It is above every number that NVIDIA has assigned: a larger number is a
     * mistake.
     */
    public static final int ASKED_MAX = 999;

    /** NVIDIA's resolution buckets for immediate action. */
    public enum Advice {
        /** No action. */
        IGNORE,
        /** Restart the program. */
        RESTART_APP,
        /** Reset the GPU, once nothing runs on it. */
        RESET_GPU,
        /** Restart the machine. */
        RESTART_BM,
        /** Look for the earlier error, which ended the programs. */
        WORKFLOW_XID_45,
        /** Drain the node and reset the GPU, unless another error says that this error was contained. */
        WORKFLOW_XID_48,
        /** Find out which end of the link is at fault; reset. */
        WORKFLOW_NVLINK_ERR,
        /** The same for the links of Blackwell and later. */
        WORKFLOW_NVLINK5_ERR,
        /** Check the power cables. */
        CHECK_MECHANICALS,
        /** Update the software or firmware. */
        UPDATE_SWFW,
        /** Restart the virtual machine. */
        RESTART_VM,
        /** Do what the error's text says. */
        XID_154,
        /** Report the error to NVIDIA. */
        CONTACT_SUPPORT
    }

    /** The scheduler's reaction to an error, besides recording it. The node reports which attempts the error ended. */
    public enum Action {
        /** No action: the error is shown with the node. */
        NOTE,
        /** No action on the node: the attempts on the GPU end. */
        END_ATTEMPTS,
        /** The node is cordoned until an operator has examined it; its attempts continue. */
        CORDON_NODE,
        /** The GPU is out of service: its attempts end, and the rest of the node continues. */
        TAKE_GPU_OUT,
        /**
         * The attempts on the GPU end; the node is cordoned, and its other attempts move elsewhere, so that it can be
         * reset.
         */
        DRAIN_NODE
    }

    public Xid {
        Check.inRange("xid", number, 1, NUMBER_MAX);
    }

    /** Returns the same error with another action. */
    Xid with(Action other) {
        return new Xid(number, mnemonic, meaning, advice, other, isTasksFault);
    }
}
