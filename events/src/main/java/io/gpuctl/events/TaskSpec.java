package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as it was submitted. Two submissions are the same if their specifications are equal.
 *
 * @param user the user who submitted the task, for fair shares and accounting
 * @param gpus the GPUs that the task needs
 * @param maxNodes how many nodes the task may span if it needs more GPUs than any node has; see {@link GangLayout} for
 *     the layout
 * @param cpuMilli thousandths of a CPU core; 0 if not given. If the task spans nodes, each node's part of CPU and
 *     memory is in proportion to its part of the GPUs, rounded up
 * @param memoryMib main memory, MiB; 0 if not given
 * @param gpuModels models that the task may run on; empty for any
 * @param maxAttempts failed attempts after which the task is not retried; a node's failure does not count
 */
public record TaskSpec(
        TaskId taskId,
        PoolId pool,
        String user,
        Priority priority,
        GpuRequest gpus,
        // JSON omits this field for a task on one node: older records do not have it.
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = OneNode.class)
        int maxNodes,

        long cpuMilli,
        long memoryMib,
        List<String> gpuModels,
        int maxAttempts,
        Work work)
        implements PoolScoped {
    public static final String DEFAULT_USER = "anonymous";
    public static final int DEFAULT_MAX_ATTEMPTS = 3;

    /** The maximum length of a user's name, in characters. */
    public static final int USER_LENGTH_MAX = 128;

    public static final long CPU_MILLI_MAX = 100_000_000;

    /** 1 EiB. */
    public static final long MEMORY_MIB_MAX = 1L << 40;

    public static final int ATTEMPTS_MAX = 100;

    /** The maximum number of GPU models that a task may name. */
    public static final int MODELS_MAX = 64;

    @SuppressWarnings("NullAway") // Jackson passes null for an absent field, which gets a default here
    public TaskSpec {
        Check.present("task_id", taskId);
        pool = orElse(pool, PoolId.DEFAULT);
        user = Check.maxLength("user", orElse(user, DEFAULT_USER), USER_LENGTH_MAX);
        priority = orElse(priority, Priority.NORMAL);
        Check.present("gpus", gpus);
        maxNodes = Check.inRange("max_nodes", maxNodes == 0 ? 1 : maxNodes, 1, GpuRequest.MAX_COUNT);
        Check.inRange("cpu_milli", cpuMilli, 0L, CPU_MILLI_MAX);
        Check.inRange("memory_mib", memoryMib, 0L, MEMORY_MIB_MAX);
        gpuModels =
                Check.texts("gpu_models", orElse(gpuModels, List.of()), MODELS_MAX, NodeInventory.GPU_MODEL_LENGTH_MAX);
        maxAttempts =
                Check.inRange("max_attempts", maxAttempts == 0 ? DEFAULT_MAX_ATTEMPTS : maxAttempts, 1, ATTEMPTS_MAX);
        Check.present("work", work);
    }

    /** A task on one node. */
    public TaskSpec(
            TaskId taskId,
            PoolId pool,
            String user,
            Priority priority,
            GpuRequest gpus,
            long cpuMilli,
            long memoryMib,
            List<String> gpuModels,
            int maxAttempts,
            Work work) {
        this(taskId, pool, user, priority, gpus, 1, cpuMilli, memoryMib, gpuModels, maxAttempts, work);
    }

    /** Returns a task with defaults for all other fields. */
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

    /** Returns the same task, allowed to span that many nodes. */
    public TaskSpec withMaxNodes(int newMaxNodes) {
        return new TaskSpec(
                taskId, pool, user, priority, gpus, newMaxNodes, cpuMilli, memoryMib, gpuModels, maxAttempts, work);
    }

    /** Returns the same task for another user. */
    public TaskSpec withUser(String newUser) {
        return new TaskSpec(
                taskId, pool, newUser, priority, gpus, maxNodes, cpuMilli, memoryMib, gpuModels, maxAttempts, work);
    }

    /** Returns the same task, allowed to have each of its GPUs on a different node. */
    public TaskSpec overAnyNodes() {
        return withMaxNodes(Math.max(1, gpus.count()));
    }

    /** Equals the number of nodes that JSON omits. */
    static final class OneNode {
        @Override
        public boolean equals(@Nullable Object maxNodes) {
            return maxNodes instanceof Integer number && number == 1;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    private static <T> T orElse(@Nullable T value, T fallback) {
        return value == null ? fallback : value;
    }
}
