package io.gpuctl.experiments.workload;

import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.simulator.random.Draws;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ListSampler;

/**
 * The tasks of a packing experiment, in the order of arrival. Follows Weng et al. ("Beware of Fragmentation", USENIX
 * ATC 2023): sorts the pods by name, shuffles them, and adds or removes tasks until they ask for the given multiple of
 * the cluster's GPUs. The tasks run for ever.
 */
public final class PackingWorkload {
    private final List<TaskSpec> tasks;
    private final long targetMilli;
    private long totalMilli;

    private PackingWorkload(List<TaskSpec> tasks, long targetMilli) {
        this.tasks = tasks;
        this.targetMilli = targetMilli;
        totalMilli = tasks.stream().mapToLong(PackingWorkload::milli).sum();
    }

    /**
     * Makes the tasks.
     *
     * @param pods in any order; at least one pod asks for GPUs
     * @param load the GPUs that the tasks ask for, as a multiple of the capacity
     * @param capacityMilli all GPUs of the cluster, in thousandths
     */
    public static List<TaskSpec> of(List<TaskSpec> pods, BigDecimal load, long capacityMilli, long seed) {
        if (pods.stream().allMatch(pod -> milli(pod) == 0)) {
            throw new IllegalArgumentException("No pod asks for GPUs");
        }
        List<TaskSpec> sorted = new ArrayList<>(pods);
        sorted.sort(Comparator.comparing(TaskSpec::taskId));
        List<TaskSpec> shuffled = new ArrayList<>(sorted);
        ListSampler.shuffle(Draws.of(seed, "order of pods"), shuffled);
        long targetMilli = load.multiply(BigDecimal.valueOf(capacityMilli)).longValue();
        var workload = new PackingWorkload(shuffled, targetMilli);
        UniformRandomProvider random = Draws.of(seed, "tuning of the load");
        if (workload.totalMilli < targetMilli) {
            workload.inflate(sorted, random);
        } else {
            workload.deflate(random);
        }
        return workload.tasks.stream().map(PackingWorkload::forEver).toList();
    }

    /** Returns the GPUs that the task asks for, in thousandths. */
    public static long milli(TaskSpec task) {
        return task.gpus().totalMilli();
    }

    /**
     * Adds copies of tasks. The published rule to stop counts only one GPU of the next task, whatever its number of
     * GPUs.
     */
    private void inflate(List<TaskSpec> originals, UniformRandomProvider random) {
        for (int copies = 1; ; copies++) {
            TaskSpec original = originals.get(random.nextInt(originals.size()));
            if (totalMilli + original.gpus().milli() > targetMilli) {
                return;
            }
            tasks.add(renamed(original, original.taskId() + "-copy-" + copies));
            totalMilli += milli(original);
        }
    }

    private void deflate(UniformRandomProvider random) {
        while (totalMilli > targetMilli) {
            totalMilli -= milli(tasks.remove(random.nextInt(tasks.size())));
        }
    }

    private static TaskSpec renamed(TaskSpec task, String name) {
        return with(task, new TaskId(name), task.work());
    }

    private static TaskSpec forEver(TaskSpec task) {
        return with(
                task, task.taskId(), new Work(Work.MAX_DURATION_MS, task.work().utilization(), 0));
    }

    private static TaskSpec with(TaskSpec task, TaskId taskId, Work work) {
        return new TaskSpec(
                taskId,
                task.pool(),
                task.user(),
                task.priority(),
                task.gpus(),
                task.maxNodes(),
                task.cpuMilli(),
                task.memoryMib(),
                task.gpuModels(),
                task.maxAttempts(),
                work);
    }
}
