package io.gpuctl.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as it was submitted. Two submissions are the same if their specifications are equal.
 *
 * @param user who submitted it, for fair shares and accounts
 * @param gpus what it needs of GPUs
 * @param cpuMilli thousandths of a CPU core; 0 if it does not say
 * @param memoryMib main memory, MiB; 0 if it does not say
 * @param gpuModels models that it may run on; empty for any
 * @param maxAttempts failed attempts after which it is not tried again; a node's failure is not the task's
 */
public record TaskSpec(
        TaskId taskId,
        PoolId pool,
        String user,
        Priority priority,
        GpuRequest gpus,
        long cpuMilli,
        long memoryMib,
        List<String> gpuModels,
        int maxAttempts,
        Work work)
        implements PoolScoped {
    public static final String DEFAULT_USER = "anonymous";
    public static final int DEFAULT_MAX_ATTEMPTS = 3;

    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: these defaults are for such records
    public TaskSpec {
        Check.present("task_id", taskId);
        pool = orElse(pool, PoolId.DEFAULT);
        user = Check.maxLength("user", orElse(user, DEFAULT_USER), 128);
        priority = orElse(priority, Priority.NORMAL);
        Check.present("gpus", gpus);
        Check.inRange("cpu_milli", cpuMilli, 0L, 100_000_000L);
        Check.inRange("memory_mib", memoryMib, 0L, 1L << 40);
        gpuModels = List.copyOf(Check.maxSize("gpu_models", orElse(gpuModels, List.of()), 64));
        maxAttempts = Check.inRange("max_attempts", maxAttempts == 0 ? DEFAULT_MAX_ATTEMPTS : maxAttempts, 1, 100);
        Check.present("work", work);
    }

    /** A task with defaults for all that is not said here. */
    public static TaskSpec of(TaskId taskId, GpuRequest gpus, Work work) {
        return new TaskSpec(
                taskId,
                PoolId.DEFAULT,
                DEFAULT_USER,
                Priority.NORMAL,
                gpus,
                0,
                0,
                List.of(),
                DEFAULT_MAX_ATTEMPTS,
                work);
    }

    private static <T> T orElse(@Nullable T value, T fallback) {
        return value == null ? fallback : value;
    }
}
