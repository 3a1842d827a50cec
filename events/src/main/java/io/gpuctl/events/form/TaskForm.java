package io.gpuctl.events.form;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.form.FieldKind.Count;
import io.gpuctl.events.form.FieldKind.Flag;
import io.gpuctl.events.form.FieldKind.Fraction;
import io.gpuctl.events.form.FieldKind.Gibibytes;
import io.gpuctl.events.form.FieldKind.Gpus;
import io.gpuctl.events.form.FieldKind.Identifier;
import io.gpuctl.events.form.FieldKind.Seconds;
import io.gpuctl.events.form.FieldKind.Text;
import io.gpuctl.events.form.FieldKind.Texts;
import io.gpuctl.events.form.FieldKind.Whole;
import io.gpuctl.events.form.FieldKind.Word;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/** The fields of a submitted task. {@link SubmissionReader} makes a task from them. */
public final class TaskForm {

    public static final TaskField<TaskId> TASK_ID = TaskField.of(
                    "task_id", new Identifier<>(TaskId::new), List.of("task_id"), TaskSpec::taskId)
            .means("The task's id, unique in the cluster.")
            .toSubmit("If absent, the API derives the id from the header Idempotency-Key; without this header,"
                    + " the id is task- and a time-ordered random text.")
            .suchAs("task_001");

    public static final TaskField<PoolId> POOL = TaskField.of(
                    "pool", new Identifier<>(PoolId::new), List.of("pool"), TaskSpec::pool)
            .orElse(PoolId.DEFAULT)
            .means("The pool that the task runs in.")
            .suchAs("default");

    public static final TaskField<String> USER = TaskField.of(
                    "user", new Text(TaskSpec.USER_LENGTH_MAX), List.of("user"), TaskSpec::user)
            .orElse(TaskSpec.DEFAULT_USER)
            .means("The user who owns the task.")
            .suchAs("alice");

    public static final TaskField<Priority> PRIORITY = TaskField.of(
                    "priority", new Word<>(Priority.class), List.of("priority"), TaskSpec::priority)
            .orElse(Priority.NORMAL)
            .means("Tasks with a higher priority are scheduled first.")
            .suchAs("high");

    public static final TaskField<BigDecimal> GPUS = TaskField.of(
                    "gpus",
                    new Gpus(GpuRequest.MAX_COUNT),
                    List.of("gpus.count", "gpus.milli"),
                    task -> Units.thousandths(task.gpus().totalMilli()))
            .orElse(BigDecimal.ONE)
            .means("GPUs: a whole number, or a share of one GPU in steps of 0.001.")
            .suchAs(new BigDecimal("0.5"), BigDecimal.TWO);

    public static final TaskField<Integer> MAX_NODES = TaskField.of(
                    "max_nodes", new Count(1, GpuRequest.MAX_COUNT), List.of("max_nodes"), TaskSpec::maxNodes)
            .orElse(1)
            .means("Number of nodes that the task may span if no single node has enough GPUs: it fills empty"
                    + " nodes, and its remaining GPUs are on one more node.")
            .suchAs(4);

    public static final TaskField<BigDecimal> MEMORY_REQUIRED = TaskField.of(
                    "memory_required",
                    new Gibibytes(GpuRequest.MEMORY_MIB_MAX),
                    List.of("gpus.memory_mib"),
                    task -> Units.gib(task.gpus().memoryMib()))
            .orElse(BigDecimal.ZERO)
            .means("Memory needed on each GPU, GiB.")
            .suchAs(16);

    public static final TaskField<Long> GPU_MEMORY_MIB = TaskField.of(
                    "gpu_memory_mib",
                    new Whole(0, GpuRequest.MEMORY_MIB_MAX),
                    MEMORY_REQUIRED.places(),
                    task -> task.gpus().memoryMib())
            .means("Memory needed on each GPU, MiB.")
            .toSubmit("Instead of memory_required.")
            .suchAs(16_384);

    public static final TaskField<Long> CPU_MILLI = TaskField.of(
                    "cpu_milli", new Whole(0, TaskSpec.CPU_MILLI_MAX), List.of("cpu_milli"), TaskSpec::cpuMilli)
            .orElse(0L)
            .means("CPU, thousandths of a core.")
            .suchAs(4_000);

    public static final TaskField<Long> MEMORY_MIB = TaskField.of(
                    "memory_mib", new Whole(0, TaskSpec.MEMORY_MIB_MAX), List.of("memory_mib"), TaskSpec::memoryMib)
            .orElse(0L)
            .means("Main memory, MiB.")
            .suchAs(32_768);

    public static final TaskField<List<String>> GPU_MODELS = TaskField.of(
                    "gpu_models",
                    new Texts(TaskSpec.MODELS_MAX, NodeInventory.GPU_MODEL_LENGTH_MAX),
                    List.of("gpu_models"),
                    TaskSpec::gpuModels)
            .orElse(List.of())
            .means("GPU models that the task may run on; if empty, any model.")
            .suchAs(List.of("A100-SXM4-80GB"));

    public static final TaskField<Integer> MAX_ATTEMPTS = TaskField.of(
                    "max_attempts", new Count(1, TaskSpec.ATTEMPTS_MAX), List.of("max_attempts"), TaskSpec::maxAttempts)
            .orElse(TaskSpec.DEFAULT_MAX_ATTEMPTS)
            .means("Number of failed attempts after which the task is not retried.");

    public static final TaskField<BigDecimal> DURATION = TaskField.of(
                    "duration",
                    new Seconds(1, Work.MAX_DURATION_MS),
                    List.of("work.duration_ms"),
                    task -> Units.thousandths(task.work().durationMs()))
            .orElse(BigDecimal.valueOf(60))
            .means("Run time at full clock, seconds of cluster time; a throttled GPU takes longer.")
            .suchAs(60);

    public static final TaskField<Long> DURATION_MS = TaskField.of(
                    "duration_ms",
                    new Whole(0, Work.MAX_DURATION_MS),
                    DURATION.places(),
                    task -> task.work().durationMs())
            .means("Run time at full clock, milliseconds of cluster time.")
            .toSubmit("Instead of duration.")
            .suchAs(60_000);

    public static final TaskField<Double> UTILIZATION = TaskField.of(
                    "utilization",
                    new Fraction(),
                    List.of("work.utilization"),
                    task -> task.work().utilization())
            .orElse(Work.DEFAULT_UTILIZATION)
            .means("Load on the task's share of each GPU while the task runs.");

    public static final TaskField<Integer> EXIT_CODE = TaskField.of(
                    "exit_code",
                    new Count(0, Work.EXIT_CODE_MAX),
                    List.of("work.exit_code"),
                    task -> task.work().exitCode())
            .orElse(0)
            .means("Exit code of the simulated program; any code but 0 makes the attempt fail.");

    public static final TaskField<LoadProfile> PROFILE = TaskField.of(
                    "profile",
                    new Word<>(LoadProfile.class),
                    List.of("work.profile"),
                    task -> task.work().profile())
            .orElse(LoadProfile.STEADY)
            .means("How the load varies over time.")
            .suchAs("training_large");

    public static final TaskField<BigDecimal> CHECKPOINT_INTERVAL = TaskField.of(
                    "checkpoint_interval",
                    new Seconds(Work.CHECKPOINT_INTERVAL_MS_MIN, Work.MAX_DURATION_MS),
                    List.of("work.checkpoint_interval_ms"),
                    task -> Units.thousandths(task.work().checkpointIntervalMs()))
            .orElse(BigDecimal.ZERO)
            .means("Seconds of work from one checkpoint to the next; 0 if the task makes no checkpoints.")
            .toSubmit("Must be 0, or at least 1. Whatever ends an attempt, the next attempt continues from the newest"
                    + " checkpoint. Without checkpoints, only a requested stop saves the work.")
            .suchAs(600);

    public static final TaskField<BigDecimal> CHECKPOINT_COST = TaskField.of(
                    "checkpoint_cost",
                    new Seconds(1, Work.MAX_DURATION_MS),
                    List.of("work.checkpoint_cost_ms"),
                    task -> Units.thousandths(task.work().checkpointCostMs()))
            .orElse(BigDecimal.ZERO)
            .means("Seconds that a checkpoint takes; no work is done during this time.")
            .suchAs(20);

    /** Affects only the check of the submission; the resulting task does not have this field. */
    public static final TaskField<Boolean> ALLOW_UNKNOWN = TaskField.of(
                    "allow_unknown", new Flag(), List.of(), _ -> false)
            .orElse(false)
            .means("Whether to accept the task even if no pool of this name has nodes, or none of the pool's"
                    + " nodes could ever run the task: a suitable node may register later. If false, the"
                    + " task is refused.");

    /** The fields that together describe a task completely and without overlap. */
    public static final List<TaskField<?>> OF_TASK = List.of(
            TASK_ID,
            POOL,
            USER,
            PRIORITY,
            GPUS,
            MAX_NODES,
            MEMORY_REQUIRED,
            CPU_MILLI,
            MEMORY_MIB,
            GPU_MODELS,
            MAX_ATTEMPTS,
            DURATION,
            UTILIZATION,
            EXIT_CODE,
            PROFILE,
            CHECKPOINT_INTERVAL,
            CHECKPOINT_COST);

    /** Every field that a submission may have, in the order in which the API documents them. */
    public static final List<TaskField<?>> OF_SUBMISSION = List.of(
            TASK_ID,
            GPUS,
            MAX_NODES,
            MEMORY_REQUIRED,
            GPU_MEMORY_MIB,
            CPU_MILLI,
            MEMORY_MIB,
            DURATION,
            DURATION_MS,
            PRIORITY,
            USER,
            POOL,
            GPU_MODELS,
            MAX_ATTEMPTS,
            UTILIZATION,
            EXIT_CODE,
            PROFILE,
            CHECKPOINT_INTERVAL,
            CHECKPOINT_COST,
            ALLOW_UNKNOWN);

    private TaskForm() {}

    /** Returns the names of the fields in which two tasks differ. */
    public static List<String> differences(TaskSpec one, TaskSpec other) {
        return OF_TASK.stream()
                .filter(field -> !Objects.equals(field.of(one), field.of(other)))
                .map(TaskField::name)
                .toList();
    }
}
