package io.gpuctl.events.form;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes a task from the fields of {@link TaskForm}, and checks the rules that join several of them. */
public final class SubmissionReader {

    private final FieldSource source;

    /**
     * The task that a client submits, with its option.
     *
     * @param allowUnknown whether to accept the task even if no registered node could run it, because a node that can
     *     run it may be added later
     */
    public record Submission(TaskSpec task, boolean allowUnknown) {}

    private SubmissionReader(FieldSource source) {
        this.source = source;
    }

    /**
     * Reads a submission from the source. If anything is wrong, throws the exception of
     * {@link FieldSource#throwIfWrong}, with all errors.
     *
     * @param generatedId chooses the id if the source does not
     */
    public static Submission read(FieldSource source, Supplier<TaskId> generatedId) {
        return new SubmissionReader(source).submission(generatedId);
    }

    private Submission submission(Supplier<TaskId> generatedId) {
        // Errors are reported in the order in which the fields are read.
        var taskId = TaskForm.TASK_ID.read(source);
        var pool = value(TaskForm.POOL);
        var user = value(TaskForm.USER);
        var priority = value(TaskForm.PRIORITY);
        var gpus = gpus(gpuMemoryMib());
        int maxNodes = value(TaskForm.MAX_NODES);
        long cpuMilli = value(TaskForm.CPU_MILLI);
        long memoryMib = value(TaskForm.MEMORY_MIB);
        var gpuModels = value(TaskForm.GPU_MODELS);
        int maxAttempts = value(TaskForm.MAX_ATTEMPTS);
        var work = work();
        if (maxNodes > 1 && gpus.milli() < GpuRequest.WHOLE) {
            note(TaskForm.MAX_NODES, "1 unless whole GPUs are requested");
        }
        boolean allowUnknown = value(TaskForm.ALLOW_UNKNOWN);
        source.throwIfWrong();
        TaskSpec task = new TaskSpec(
                taskId.orElseGet(generatedId),
                pool,
                user,
                priority,
                gpus,
                maxNodes,
                cpuMilli,
                memoryMib,
                gpuModels,
                maxAttempts,
                work);
        return new Submission(task, allowUnknown);
    }

    private GpuRequest gpus(long memoryMib) {
        BigDecimal asked = value(TaskForm.GPUS);
        if (!FieldKind.Gpus.isWholeOrShare(asked)) {
            return GpuRequest.NONE;
        }
        if (asked.signum() == 0 && memoryMib > 0) {
            note(TaskForm.GPUS, "at least 0.001 if GPU memory is requested");
            return GpuRequest.NONE;
        }
        return FieldKind.Gpus.isShare(asked)
                ? GpuRequest.share(Math.toIntExact(Units.toThousandths(asked)), memoryMib)
                : GpuRequest.whole(asked.intValueExact(), memoryMib);
    }

    private long gpuMemoryMib() {
        BigDecimal gib = value(TaskForm.MEMORY_REQUIRED);
        return insteadOf(TaskForm.MEMORY_REQUIRED, TaskForm.GPU_MEMORY_MIB).orElseGet(() -> Units.mib(gib));
    }

    private Work work() {
        BigDecimal seconds = value(TaskForm.DURATION);
        long durationMs =
                insteadOf(TaskForm.DURATION, TaskForm.DURATION_MS).orElseGet(() -> Units.toThousandths(seconds));
        double utilization = value(TaskForm.UTILIZATION);
        int exitCode = value(TaskForm.EXIT_CODE);
        var profile = value(TaskForm.PROFILE);
        long intervalMs = Units.toThousandths(value(TaskForm.CHECKPOINT_INTERVAL));
        long costMs = Units.toThousandths(value(TaskForm.CHECKPOINT_COST));
        if (costMs > 0 && intervalMs == 0) {
            note(TaskForm.CHECKPOINT_COST, "absent or 0 if checkpoint_interval is absent or 0");
            costMs = 0;
        }
        return new Work(durationMs, utilization, exitCode, profile, intervalMs, costMs);
    }

    /** Reads a field that may be given instead of another, but not together with it. */
    private Optional<Long> insteadOf(TaskField<?> usual, TaskField<Long> other) {
        Optional<Long> value = other.read(source);
        if (usual.isIn(source) && other.isIn(source)) {
            note(other, "absent if " + usual.name() + " is given");
        }
        return value;
    }

    private <T> T value(TaskField<T> field) {
        return field.readOrElse(source);
    }

    private void note(TaskField<?> field, String allowed) {
        source.note(field.name(), allowed);
    }
}
