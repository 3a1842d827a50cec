package io.gpuctl.experiments.engine;

import io.gpuctl.events.TaskId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the GPUs of a pool have drawn, in millionths of a joule. The sum over tasks plus idle is that over GPUs.
 *
 * @param gpus all of them, on nodes that are gone too
 * @param idle power of what no task held
 * @param tasks in all their attempts; one that held no GPU may be missing
 * @param slowedMs for how long heat has held clocks down, summed over the GPUs
 */
public record PoolEnergy(long gpus, long idle, SortedMap<TaskId, Long> tasks, long slowedMs) {
    public PoolEnergy {
        tasks = Collections.unmodifiableSortedMap(new TreeMap<>(tasks));
    }

    /** The same, summed by user. */
    public SortedMap<String, Long> users(Function<TaskId, String> userOf) {
        SortedMap<String, Long> users = new TreeMap<>();
        tasks.forEach((task, microjoules) -> users.merge(userOf.apply(task), microjoules, Long::sum));
        return users;
    }
}
