package io.gpuctl.events;

import io.gpuctl.events.Xid.Action;
import io.gpuctl.events.Xid.Advice;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Driver errors that matter to a scheduler. Numbers, names, meanings and NVIDIA's advice are those of its catalogue of XID
 * errors (docs.nvidia.com/deploy/xid-errors, "Analyzing Xid Errors with the Xid Catalog") and of the mapping that its
 * NVSentinel acts on (github.com/NVIDIA/NVSentinel, {@code xiderrorsmapping.csv}); the scheduler's action is ours, see
 * docs/node-health.md.
 */
public final class XidCatalogue {
    /** By number. */
    public static final List<Xid> ALL = List.of(
            tasksFault(
                    13, "ROBUST_CHANNEL_GR_EXCEPTION", "graphics engine exception: an illegal instruction or access"),
            tasksFault(31, "ROBUST_CHANNEL_FIFO_ERROR_MMU_ERR_FLT", "GPU memory page fault: an invalid address"),
            tasksFault(32, "ROBUST_CHANNEL_PBDMA_ERROR", "invalid or corrupted push buffer stream"),
            new Xid(
                    43,
                    "ROBUST_CHANNEL_RESETCHANNEL_VERIF_ERROR",
                    "GPU stopped processing: a program hit an error of its own, the GPU is healthy",
                    Advice.IGNORE,
                    Action.END_ATTEMPTS,
                    true),
            new Xid(
                    45,
                    "ROBUST_CHANNEL_PREEMPTIVE_REMOVAL",
                    "programs were removed because of an earlier error",
                    Advice.WORKFLOW_XID_45,
                    Action.END_ATTEMPTS,
                    false),
            drains(48, "ROBUST_CHANNEL_GPU_ECC_DBE", "double bit ECC error: memory is corrupt", Advice.WORKFLOW_XID_48),
            drains(62, "PMU_HALT_ERROR", "the GPU's microcontroller halted", Advice.RESET_GPU),
            note(63, "INFOROM_DRAM_RETIREMENT_EVENT", "a memory row was remapped or a page retired"),
            drains(64, "INFOROM_DRAM_RETIREMENT_FAILURE", "a memory row could not be remapped", Advice.RESET_GPU),
            tasksFault(69, "ROBUST_CHANNEL_GR_CLASS_ERROR", "graphics engine class error"),
            drains(74, "NVLINK_ERROR", "NVLink error", Advice.WORKFLOW_NVLINK_ERR),
            new Xid(
                    79,
                    "ROBUST_CHANNEL_GPU_HAS_FALLEN_OFF_THE_BUS",
                    "GPU has fallen off the bus",
                    Advice.RESTART_BM,
                    Action.TAKE_GPU_OUT,
                    false),
            note(92, "EXCESSIVE_SBE_INTERRUPTS", "high rate of single bit ECC errors"),
            new Xid(
                    94,
                    "ROBUST_CHANNEL_CONTAINED_ERROR",
                    "contained ECC error: only the programs that touched the memory ended",
                    Advice.RESTART_APP,
                    Action.END_ATTEMPTS,
                    false),
            drains(95, "ROBUST_CHANNEL_UNCONTAINED_ERROR", "uncontained ECC error", Advice.RESET_GPU),
            drains(109, "ROBUST_CHANNEL_CTXSW_TIMEOUT_ERROR", "context switch timed out", Advice.RESET_GPU),
            drains(119, "GSP_RPC_TIMEOUT", "the GPU's system processor did not answer", Advice.RESET_GPU),
            drains(120, "GSP_ERROR", "error of the GPU's system processor", Advice.RESET_GPU),
            drains(140, "UNRECOVERABLE_ECC_ERROR_ESCAPE", "unrecovered ECC error", Advice.RESET_GPU));

    private static final Map<Integer, Xid> BY_NUMBER =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Xid::number, Function.identity()));

    private XidCatalogue() {}

    /**
     * The error of this number; one that is not in the catalogue is noted only: a node is not taken out of service for
     * what nobody knows the meaning of.
     */
    public static Xid of(int number) {
        Xid known = BY_NUMBER.get(number);
        return known == null
                ? new Xid(number, "UNKNOWN", "not in the catalogue", Advice.CONTACT_SUPPORT, Action.NOTE, false)
                : known;
    }

    public static boolean knows(int number) {
        return BY_NUMBER.containsKey(number);
    }

    private static Xid tasksFault(int number, String mnemonic, String meaning) {
        return new Xid(number, mnemonic, meaning, Advice.RESTART_APP, Action.END_ATTEMPTS, true);
    }

    private static Xid note(int number, String mnemonic, String meaning) {
        return new Xid(number, mnemonic, meaning, Advice.IGNORE, Action.NOTE, false);
    }

    private static Xid drains(int number, String mnemonic, String meaning, Advice advice) {
        return new Xid(number, mnemonic, meaning, advice, Action.DRAIN_NODE, false);
    }
}
