package io.gpuctl.api.tasks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.views.RunningUse;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.form.TaskForm;
import io.gpuctl.events.form.Units;
import io.gpuctl.telemetry.views.TaskView;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A task as clients see it. Fields that have no value yet are absent. {@link TaskForm} describes the submitted fields.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "A task. Times are cluster time; values that are not known yet are absent.")
public record Task(
        String taskId,
        String pool,
        String user,

        @Schema(description = "The state of the task.", examples = "running")
        TaskState state,

        Priority priority,
        BigDecimal gpus,
        int maxNodes,
        long gpuMemoryMib,
        BigDecimal memoryRequired,
        long cpuMilli,
        long memoryMib,
        List<String> gpuModels,
        BigDecimal duration,

        @Schema(description = "The current or last attempt; 0 before the first.", examples = "1")
        int attempt,

        int maxAttempts,

        @Schema(
                description = "Attempts that ended without success and after which the task was queued again.",
                examples = "0")
        int requeues,

        @Schema(description = "How many of these attempts were preempted to make room for other tasks.", examples = "0")
        int preemptions,

        @Schema(description = "Where the current attempt runs, or the last one ran; empty while the task waits.")
        List<Placement> allocations,

        @Schema(description = "When the task was submitted.", examples = "2026-01-01T00:00:00Z")
        Instant submittedAt,

        @Schema(description = "When the current or last attempt got its GPUs; absent while the task waits.") @Nullable
        Instant placedAt,

        @Schema(description = "When the current or last attempt began to run; absent while the task waits.") @Nullable
        Instant startedAt,

        @Schema(description = "When the task ended.") @Nullable
        Instant finishedAt,

        @Schema(
                description = "Total seconds that the task has waited: from its submission to its first placement, and"
                        + " from the end of each attempt to the next placement. The time in which the task"
                        + " holds GPUs does not count.",
                examples = "0.021")
        BigDecimal queueSeconds,

        @Schema(
                description = "Seconds that the current or last attempt has run; absent while the task waits.",
                examples = "12.5")
        @Nullable
        BigDecimal runSeconds,

        @Schema(description = "Why the task does not run, while the task waits or if it was rejected.") @Nullable
        Pending pendingReason,

        @Schema(description = "Why the last unsuccessful attempt ended.") @Nullable
        EndReason endReason,

        @Schema(description = "Details of end_reason, as text.") @Nullable
        String endDetail,

        LoadProfile profile,
        BigDecimal checkpointInterval,
        BigDecimal checkpointCost,

        @Schema(
                description = "Saved work, which the next attempt need not repeat, in seconds at full clock.",
                examples = "1200")
        BigDecimal savedSeconds,

        @Schema(
                description = "Energy that the task's ended attempts have drawn from their GPUs, as reported by the"
                        + " nodes; a node that crashed reported nothing.",
                examples = "24000.5")
        BigDecimal energyJoules,

        @Schema(
                description = "Estimate of the energy that the running attempt has drawn so far; not yet included in"
                        + " energy_joules. It is the attempt's run time multiplied by the last measured"
                        + " power of its GPUs, or its share of that power. Only in GET /tasks/{id}; absent"
                        + " if no attempt runs.",
                examples = "920000000.25")
        @Nullable
        BigDecimal runningEnergyEstimateJoules) {

    /** What an attempt holds on one node. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "TaskPlacement", description = "What an attempt holds on one node.")
    public record Placement(
            @Schema(examples = "7") String nodeId,

            @Schema(description = "The GPUs by index.", examples = "[0, 1]")
            List<Integer> gpus,

            @Schema(description = "Thousandths of each GPU.", examples = "1000")
            int gpuMilli,

            @Schema(description = "Memory of each GPU, MiB.", examples = "16384")
            long gpuMemoryMib) {

        static Placement of(Allocation allocation) {
            return new Placement(
                    allocation.nodeId().value(), allocation.gpus(), allocation.gpuMilli(), allocation.gpuMemoryMib());
        }
    }

    /** Why a task does not run. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "PendingReason", description = "Why a task does not run.")
    public record Pending(
            @Schema(
                    description = "The reason that ruled out most nodes, or a reason that does not concern nodes.",
                    examples = "InsufficientGpuMemory")
            PendingReason.Code code,

            @Schema(
                    description = "How many nodes each reason ruled out.",
                    examples = "{\"InsufficientGpuMemory\": 24, \"InsufficientGpus\": 8}")
            Map<PendingReason.Code, Integer> nodesRuledOut) {}

    /**
     * Returns the task for clients.
     *
     * @param nowMs cluster time, ms, for durations that still grow
     */
    static Task of(TaskView view, long nowMs) {
        return of(view, nowMs, null);
    }

    /**
     * Returns the same, with the energy of the running attempt.
     *
     * @param runningJoules estimated energy that the running attempt has drawn; null if none runs, or the estimate is
     *     not needed
     */
    static Task of(TaskView view, long nowMs, @Nullable Double runningJoules) {
        var task = view.task();
        return new Task(
                TaskForm.TASK_ID.of(task).value(),
                TaskForm.POOL.of(task).value(),
                TaskForm.USER.of(task),
                view.state(),
                TaskForm.PRIORITY.of(task),
                TaskForm.GPUS.of(task),
                TaskForm.MAX_NODES.of(task),
                TaskForm.GPU_MEMORY_MIB.of(task),
                TaskForm.MEMORY_REQUIRED.of(task),
                TaskForm.CPU_MILLI.of(task),
                TaskForm.MEMORY_MIB.of(task),
                TaskForm.GPU_MODELS.of(task),
                TaskForm.DURATION.of(task),
                view.attempt(),
                TaskForm.MAX_ATTEMPTS.of(task),
                view.requeues(),
                view.preemptions(),
                view.allocations().stream().map(Placement::of).toList(),
                Instant.ofEpochMilli(view.submittedAtMs()),
                instant(view.placedAtMs()),
                instant(view.startedAtMs()),
                instant(view.finishedAtMs()),
                Units.thousandths(view.queuedMs(nowMs)),
                runSeconds(view, nowMs),
                pending(view.pendingReason()),
                view.endReason(),
                view.endReason() == null ? null : view.detail(),
                TaskForm.PROFILE.of(task),
                TaskForm.CHECKPOINT_INTERVAL.of(task),
                TaskForm.CHECKPOINT_COST.of(task),
                Units.thousandths(view.savedProgressMs()),
                Units.thousandths(view.energyMj()),
                runningJoules == null ? null : RunningUse.joules(runningJoules));
    }

    private static @Nullable BigDecimal runSeconds(TaskView view, long nowMs) {
        var started = view.startedAtMs();
        return started == null ? null : between(started, orElse(view.finishedAtMs(), nowMs));
    }

    /** Returns the duration, never negative: the clock of another machine may be a little ahead. */
    private static BigDecimal between(long fromMs, long toMs) {
        return Units.thousandths(Math.max(0, toMs - fromMs));
    }

    private static long orElse(@Nullable Long value, long fallback) {
        return value == null ? fallback : value;
    }

    private static @Nullable Instant instant(@Nullable Long ms) {
        return ms == null ? null : Instant.ofEpochMilli(ms);
    }

    private static @Nullable Pending pending(@Nullable PendingReason reason) {
        return reason == null ? null : new Pending(reason.code(), reason.nodesRuledOut());
    }
}
