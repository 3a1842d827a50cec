package io.gpuctl.api.tasks;

import io.gpuctl.api.problem.JsonFields;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the body of {@code POST /tasks}, see {@link TaskBody} for its form. Every error in it is reported at once: 400 if
 * it is no JSON object or a field has the wrong JSON type, otherwise 422.
 */
final class TaskRequest {

    /** Of a task that does not say. */
    static final long DEFAULT_DURATION_MS = 60_000;

    static final List<String> FIELDS = List.of(
            "task_id",
            "gpus",
            "max_nodes",
            "memory_required",
            "gpu_memory_mib",
            "cpu_milli",
            "memory_mib",
            "duration",
            "duration_ms",
            "priority",
            "user",
            "pool",
            "gpu_models",
            "max_attempts",
            "utilization",
            "exit_code",
            "profile",
            "checkpoint_interval",
            "checkpoint_cost",
            "allow_unknown");

    private static final long MIB_PER_GIB = 1024;
    private static final long GPU_MEMORY_MIB_MAX = 1L << 30;
    private static final long MS_PER_SECOND = 1000;

    private final JsonFields fields;

    /**
     * What a body asks for.
     *
     * @param allowUnknown whether to take it although no registered node could run it: one may come
     */
    record Submission(TaskSpec task, boolean allowUnknown) {}

    private TaskRequest(JsonFields fields) {
        this.fields = fields;
    }

    /**
     * What the body asks for.
     *
     * @param generatedId chooses the id if the body does not
     * @throws ProblemException with all that is wrong
     */
    static Submission parse(byte[] body, Supplier<TaskId> generatedId) {
        return new TaskRequest(JsonFields.of(body, "a task", "{\"duration\": 60}")).submission(generatedId);
    }

    private Submission submission(Supplier<TaskId> generatedId) {
        fields.allow(FIELDS);
        var taskId = fields.text("task_id").flatMap(id -> fields.checked("task_id", () -> new TaskId(id)));
        var pool = fields.text("pool").flatMap(id -> fields.checked("pool", () -> new PoolId(id)));
        var user = fields.text("user").filter(this::isUser);
        var priority = fields.oneOf(Priority.class, "priority");
        var gpus = gpus(gpuMemoryMib());
        int maxNodes =
                fields.whole("max_nodes", 1, GpuRequest.MAX_COUNT).orElse(1L).intValue();
        long cpuMilli = fields.whole("cpu_milli", 0, 100_000_000).orElse(0L);
        long memoryMib = fields.whole("memory_mib", 0, 1L << 40).orElse(0L);
        var gpuModels = gpuModels();
        int maxAttempts = fields.whole("max_attempts", 1, 100)
                .orElse((long) TaskSpec.DEFAULT_MAX_ATTEMPTS)
                .intValue();
        var work = work();
        if (maxNodes > 1 && gpus.milli() < GpuRequest.WHOLE) {
            fields.note("max_nodes", "1 unless whole GPUs are asked for");
        }
        boolean allowUnknown = fields.flag("allow_unknown");
        fields.throwIfWrong();
        TaskSpec task = new TaskSpec(
                taskId.orElseGet(generatedId),
                pool.orElse(PoolId.DEFAULT),
                user.orElse(TaskSpec.DEFAULT_USER),
                priority.orElse(Priority.NORMAL),
                gpus,
                maxNodes,
                cpuMilli,
                memoryMib,
                gpuModels,
                maxAttempts,
                work);
        return new Submission(task, allowUnknown);
    }

    private boolean isUser(String user) {
        boolean allowed = !user.isBlank() && user.length() <= 128;
        if (!allowed) {
            fields.note("user", "1 to 128 characters");
        }
        return allowed;
    }

    private List<String> gpuModels() {
        var models = fields.texts("gpu_models");
        if (models.size() > 64 || models.stream().anyMatch(model -> model.isBlank() || model.length() > 64)) {
            fields.note("gpu_models", "at most 64 names, each of 1 to 64 characters");
        }
        return models;
    }

    private GpuRequest gpus(long memoryMib) {
        var asked = fields.number("gpus", "a number", 0, GpuRequest.MAX_COUNT).orElse(BigDecimal.ONE);
        var milli = asked.movePointRight(3).stripTrailingZeros();
        boolean isShare = asked.signum() > 0 && asked.compareTo(BigDecimal.ONE) < 0;
        if (isShare ? milli.scale() > 0 : asked.stripTrailingZeros().scale() > 0) {
            fields.note("gpus", "a whole number, or a share of one GPU: 0.001 to 0.999 in steps of 0.001");
            return GpuRequest.NONE;
        }
        if (asked.signum() == 0 && memoryMib > 0) {
            fields.note("gpus", "at least 0.001 if GPU memory is asked for");
            return GpuRequest.NONE;
        }
        return isShare
                ? GpuRequest.share(milli.intValueExact(), memoryMib)
                : GpuRequest.whole(asked.intValueExact(), memoryMib);
    }

    private long gpuMemoryMib() {
        long gibMax = GPU_MEMORY_MIB_MAX / MIB_PER_GIB;
        var gib = fields.number("memory_required", "a number of GiB", 0, gibMax);
        var mib = fields.whole("gpu_memory_mib", 0, GPU_MEMORY_MIB_MAX);
        noteIfBoth("memory_required", "gpu_memory_mib");
        // Rounded up: a task never gets less than it asked for.
        return mib.or(() -> gib.map(number -> number.multiply(BigDecimal.valueOf(MIB_PER_GIB))
                        .setScale(0, RoundingMode.CEILING)
                        .longValueExact()))
                .orElse(0L);
    }

    private Work work() {
        var seconds = seconds("duration");
        var ms = fields.whole("duration_ms", 0, Work.MAX_DURATION_MS);
        noteIfBoth("duration", "duration_ms");
        long durationMs = ms.or(() -> seconds).orElse(DEFAULT_DURATION_MS);
        double utilization = fields.number("utilization", "a number", 0, 1)
                .map(BigDecimal::doubleValue)
                .orElse(Work.DEFAULT_UTILIZATION);
        int exitCode = fields.whole("exit_code", 0, 255).orElse(0L).intValue();
        var profile = fields.oneOf(LoadProfile.class, "profile").orElse(LoadProfile.STEADY);
        long intervalMs = seconds("checkpoint_interval").orElse(0L);
        if (intervalMs > 0 && intervalMs < Work.CHECKPOINT_INTERVAL_MS_MIN) {
            fields.note(
                    "checkpoint_interval",
                    "absent, 0, or at least %d s".formatted(Work.CHECKPOINT_INTERVAL_MS_MIN / MS_PER_SECOND));
        }
        long costMs = seconds("checkpoint_cost").orElse(0L);
        if (costMs > 0 && intervalMs == 0) {
            fields.note("checkpoint_cost", "absent or 0 if checkpoint_interval is");
            costMs = 0;
        }
        return new Work(durationMs, utilization, exitCode, profile, intervalMs, costMs);
    }

    /** A number of seconds, in ms. */
    private Optional<Long> seconds(String name) {
        return fields.secondsAsMs(name, Work.MAX_DURATION_MS / MS_PER_SECOND);
    }

    private void noteIfBoth(String one, String other) {
        if (fields.has(one) && fields.has(other)) {
            fields.note(other, "absent if " + one + " is given");
        }
    }
}
