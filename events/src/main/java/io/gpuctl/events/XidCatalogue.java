package io.gpuctl.events;

import io.gpuctl.events.Xid.Action;
import io.gpuctl.events.Xid.Advice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Driver errors that matter to a scheduler. Numbers, names, meanings and NVIDIA's advice are those of NVIDIA's
 * catalogue of XID errors (docs.nvidia.com/deploy/xid-errors, "Analyzing Xid Errors with the Xid Catalog", as of
 * October 2025) and of the mapping that its NVSentinel acts on (github.com/NVIDIA/NVSentinel,
 * {@code xiderrorsmapping.csv}); the scheduler's action is the choice of this project, see docs/node-health.md.
 *
 * <p>The meaning of an error decides what the scheduler writes, and a log must replay to the same bytes. The catalogue
 * therefore has editions, and a pool's settings name the edition that decided its facts
 * ({@link HealthSettings#xidEdition}).
 */
public final class XidCatalogue {
    /**
     * The edition of logs from before there were editions: it has fewer errors, only notes unknown errors, and for
     * error 79 takes only the GPU out of service.
     */
    public static final int FIRST_EDITION = 0;

    /** The newest edition. */
    public static final int EDITION = 1;

    /** All errors, by number. */
    public static final List<Xid> ALL = Stream.of(tasksFaults(), endings(), notes(), drains(), cordons())
            .flatMap(List::stream)
            .sorted(Comparator.comparingInt(Xid::number))
            .toList();

    private static final Map<Integer, Xid> BY_NUMBER =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Xid::number, Function.identity()));

    /** The errors of the first edition. */
    private static final Set<Integer> IN_FIRST_EDITION =
            Set.of(13, 31, 32, 43, 45, 48, 62, 63, 64, 69, 74, 79, 92, 94, 95, 109, 119, 120, 140);

    private static final int FALLEN_OFF_THE_BUS = 79;

    private XidCatalogue() {}

    /**
     * Returns the error of this number in the newest edition. An unknown error cordons the node: NVIDIA's advice for
     * errors that its catalogue does not cover is to contact its support, and no new work should start there until
     * then.
     */
    public static Xid of(int number) {
        return of(number, EDITION);
    }

    /** Returns the error of this number in the given edition. */
    public static Xid of(int number, int edition) {
        Xid known = BY_NUMBER.get(number);
        if (edition == FIRST_EDITION) {
            return known == null || !IN_FIRST_EDITION.contains(number)
                    ? unknown(number, Action.NOTE)
                    : number == FALLEN_OFF_THE_BUS ? known.with(Action.TAKE_GPU_OUT) : known;
        }
        return known == null ? unknown(number, Action.CORDON_NODE) : known;
    }

    public static boolean knows(int number) {
        return BY_NUMBER.containsKey(number);
    }

    private static Xid unknown(int number, Action action) {
        return new Xid(number, "UNKNOWN", "not in the catalogue", Advice.CONTACT_SUPPORT, action, false);
    }

    /** Returns the errors for which the program is to blame. */
    private static List<Xid> tasksFaults() {
        return List.of(
                tasksFault(
                        13,
                        "ROBUST_CHANNEL_GR_EXCEPTION",
                        "graphics engine exception: an illegal instruction or access"),
                tasksFault(25, "ROBUST_CHANNEL_GR_ILLEGAL_NOTIFY", "invalid or illegal push buffer stream"),
                tasksFault(31, "ROBUST_CHANNEL_FIFO_ERROR_MMU_ERR_FLT", "GPU memory page fault: an invalid address"),
                tasksFault(32, "ROBUST_CHANNEL_PBDMA_ERROR", "invalid or corrupted push buffer stream"),
                new Xid(
                        43,
                        "ROBUST_CHANNEL_RESETCHANNEL_VERIF_ERROR",
                        "GPU stopped processing: a program hit an error of its own, the GPU is healthy",
                        Advice.IGNORE,
                        Action.END_ATTEMPTS,
                        true),
                tasksFault(69, "ROBUST_CHANNEL_GR_CLASS_ERROR", "graphics engine class error"),
                tasksFault(80, "PBDMA_PUSHBUFFER_CRC_MISMATCH", "corrupted data was sent to the GPU"));
    }

    /** Returns the errors that end programs without any fault of theirs; the GPU keeps working. */
    private static List<Xid> endings() {
        List<Xid> endings = new ArrayList<>(List.of(
                ends(8, "ROBUST_CHANNEL_FIFO_ERROR_IDLE_TIMEOUT", "GPU stopped processing", Advice.RESTART_APP),
                ends(
                        11,
                        "ROBUST_CHANNEL_GR_ERROR_MISSING_HW",
                        "invalid or corrupted push buffer stream",
                        Advice.RESTART_APP),
                ends(
                        45,
                        "ROBUST_CHANNEL_PREEMPTIVE_REMOVAL",
                        "programs were removed because of an earlier error",
                        Advice.WORKFLOW_XID_45),
                ends(60, "ROBUST_CHANNEL_SEC2_ERROR", "video processor exception", Advice.RESTART_APP),
                ends(
                        94,
                        "ROBUST_CHANNEL_CONTAINED_ERROR",
                        "contained ECC error: only the programs that touched the memory ended",
                        Advice.RESTART_APP)));
        List<Integer> copyEngines =
                List.of(39, 40, 41, 70, 71, 72, 75, 76, 77, 85, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135);
        for (int engine = 0; engine < copyEngines.size(); engine++) {
            endings.add(ends(
                    copyEngines.get(engine),
                    "ROBUST_CHANNEL_CE%d_ERROR".formatted(engine),
                    "copy engine exception",
                    Advice.RESTART_APP));
        }
        addMedia(endings, "NVDEC", 68, 83, 84, 88, 89, 96, 97, 98);
        addMedia(endings, "NVJPG", 82, 99, 100, 101, 102, 103, 104, 105);
        addMedia(endings, "OFA", 86, 139);
        return endings;
    }

    /** Adds the errors of engines for video and images, in the order of the engines' numbers. */
    private static void addMedia(List<Xid> endings, String engine, int... numbers) {
        for (int index = 0; index < numbers.length; index++) {
            endings.add(ends(
                    numbers[index],
                    "ROBUST_CHANNEL_%s%d_ERROR".formatted(engine, index),
                    engine + " engine exception",
                    Advice.RESTART_APP));
        }
    }

    private static List<Xid> notes() {
        return List.of(
                note(14, "ROBUST_CHANNEL_FAKE_ERROR", "a test of the driver"),
                note(37, "ROBUST_CHANNEL_FECS_ERR_UNIMP_FIRMWARE_METHOD", "driver firmware error"),
                note(38, "ROBUST_CHANNEL_FECS_ERR_WATCHDOG_TIMEOUT", "driver firmware error"),
                note(44, "ROBUST_CHANNEL_GR_FAULT_DURING_CTXSW", "graphics engine fault during a context switch"),
                note(63, "INFOROM_DRAM_RETIREMENT_EVENT", "a memory row was remapped or a page retired"),
                note(66, "ROBUST_CHANNEL_FECS_ERR_REG_ACCESS_VIOLATION", "illegal access by the driver"),
                note(67, "ROBUST_CHANNEL_FECS_ERR_VERIF_VIOLATION", "illegal access by the driver"),
                note(92, "EXCESSIVE_SBE_INTERRUPTS", "high rate of single bit ECC errors"),
                note(93, "INFOROM_ERASE_LIMIT_EXCEEDED", "the InfoROM wears out: not fatal"),
                note(106, "SMBPBI_TEST_MESSAGE", "a test message"),
                note(107, "SMBPBI_TEST_MESSAGE_SILENT", "a test message"),
                note(108, "NVLINK_REMOTE_TRANSLATION_ERROR", "NVLink remote translation error"),
                note(121, "C2C_ERROR", "error of the link between chips"),
                note(137, "NVLINK_PRIV_ERR", "NVLink privilege error"),
                note(141, "ROBUST_CHANNEL_FAST_PATH_ERROR", "CUDA fast path error"),
                note(152, "ROBUST_CHANNEL_DLA_SMMU_ERROR", "DLA memory management error"),
                note(153, "ROBUST_CHANNEL_DLA_TIMEOUT", "DLA timeout"),
                note(157, "RESOURCE_RETIREMENT_FAILURE", "a part of the GPU could not be retired"),
                note(160, "CHANNEL_RETIREMENT_EVENT", "a memory channel was retired"),
                note(161, "CHANNEL_RETIREMENT_FAILURE", "a memory channel could not be retired"));
    }

    private static List<Xid> drains() {
        return List.of(
                resets(46, "ROBUST_CHANNEL_GPU_TIMEOUT_ERROR", "GPU stopped processing"),
                drains(
                        48,
                        "ROBUST_CHANNEL_GPU_ECC_DBE",
                        "double bit ECC error: memory is corrupt",
                        Advice.WORKFLOW_XID_48),
                resets(62, "PMU_HALT_ERROR", "the GPU's microcontroller halted"),
                resets(64, "INFOROM_DRAM_RETIREMENT_FAILURE", "a memory row could not be remapped"),
                drains(74, "NVLINK_ERROR", "NVLink error", Advice.WORKFLOW_NVLINK_ERR),
                drains(
                        FALLEN_OFF_THE_BUS,
                        "ROBUST_CHANNEL_GPU_HAS_FALLEN_OFF_THE_BUS",
                        "GPU has fallen off the bus",
                        Advice.RESTART_BM),
                resets(95, "ROBUST_CHANNEL_UNCONTAINED_ERROR", "uncontained ECC error"),
                resets(109, "ROBUST_CHANNEL_CTXSW_TIMEOUT_ERROR", "context switch timed out"),
                resets(110, "SEC_FAULT_ERROR", "security fault"),
                resets(119, "GSP_RPC_TIMEOUT", "the GPU's system processor did not answer"),
                resets(120, "GSP_ERROR", "error of the GPU's system processor"),
                resets(136, "ALI_TRAINING_FAIL", "NVLink training failed"),
                resets(140, "UNRECOVERABLE_ECC_ERROR_ESCAPE", "unrecovered ECC error"),
                resets(143, "GPU_INIT_ERROR", "the GPU could not be initialised"),
                nvlink5(144, "SAW"),
                nvlink5(145, "RLW"),
                nvlink5(146, "TLW"),
                nvlink5(147, "TREX"),
                nvlink5(148, "NVLPW_CTRL"),
                nvlink5(149, "NETIR"),
                nvlink5(150, "MSE"),
                drains(151, "ROBUST_CHANNEL_KEY_ROTATION_ERROR", "key rotation error", Advice.RESTART_VM),
                resets(155, "NVLINK_SW_DEFINED_ERROR", "NVLink error that software defines"),
                resets(156, "RESOURCE_RETIREMENT_EVENT", "a part of the GPU was retired"),
                resets(158, "GPU_FATAL_TIMEOUT", "the GPU did not answer: fatal"));
    }

    /** Returns the errors that no reset repairs and that let attempts continue: an operator has to examine the node. */
    private static List<Xid> cordons() {
        return List.of(
                cordons(
                        54,
                        "SILENT_RUNNING_PWR_REDUCED_CLOCKING",
                        "auxiliary power is not connected to the GPU",
                        Advice.CHECK_MECHANICALS),
                cordons(78, "VGPU_START_ERROR", "a virtual GPU did not start", Advice.UPDATE_SWFW),
                cordons(
                        122,
                        "SPI_PMU_RPC_READ_FAIL",
                        "the GPU's microcontroller could not read its flash memory",
                        Advice.CONTACT_SUPPORT),
                cordons(
                        123,
                        "SPI_PMU_RPC_WRITE_FAIL",
                        "the GPU's microcontroller could not write its flash memory",
                        Advice.CONTACT_SUPPORT),
                cordons(
                        154,
                        "GPU_RECOVERY_ACTION_CHANGED",
                        "the GPU needs another recovery than before: the driver's log says which",
                        Advice.XID_154));
    }

    private static Xid tasksFault(int number, String mnemonic, String meaning) {
        return new Xid(number, mnemonic, meaning, Advice.RESTART_APP, Action.END_ATTEMPTS, true);
    }

    private static Xid ends(int number, String mnemonic, String meaning, Advice advice) {
        return new Xid(number, mnemonic, meaning, advice, Action.END_ATTEMPTS, false);
    }

    private static Xid note(int number, String mnemonic, String meaning) {
        return new Xid(number, mnemonic, meaning, Advice.IGNORE, Action.NOTE, false);
    }

    private static Xid resets(int number, String mnemonic, String meaning) {
        return drains(number, mnemonic, meaning, Advice.RESET_GPU);
    }

    /** Returns an error that B200 reports instead of 74. */
    private static Xid nvlink5(int number, String unit) {
        return drains(
                number, "NVLINK_%s_ERROR".formatted(unit), "NVLink error, unit " + unit, Advice.WORKFLOW_NVLINK5_ERR);
    }

    private static Xid drains(int number, String mnemonic, String meaning, Advice advice) {
        return new Xid(number, mnemonic, meaning, advice, Action.DRAIN_NODE, false);
    }

    private static Xid cordons(int number, String mnemonic, String meaning, Advice advice) {
        return new Xid(number, mnemonic, meaning, advice, Action.CORDON_NODE, false);
    }
}
