package io.gpuctl.experiments.engine;

import io.gpuctl.events.TaskId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The energy that the GPUs of a pool have drawn, in millionths of a joule. {@code gpus} is the sum of {@code tasks}
 * plus {@code idle}.
 *
 * @param gpus of all GPUs, including those on nodes that are gone
 * @param idle of GPUs and parts of GPUs that no task held
 * @param tasks by task, over all attempts; a task that held no GPU may be missing. The record takes the map over: the
 *     caller must not change the map any more
 * @param slowedMs how long heat has held clocks down, in ms, summed over the GPUs
 */
public record PoolEnergy(long gpus, long idle, Map<TaskId, Long> tasks, long slowedMs) {
    public PoolEnergy {
        tasks = Collections.unmodifiableMap(tasks);
    }

    /** Returns the energy of the tasks, summed by user. */
    public SortedMap<String, Long> users(Function<TaskId, String> userOf) {
        SortedMap<String, Long> users = new TreeMap<>();
        tasks.forEach((task, microjoules) -> users.merge(userOf.apply(task), microjoules, Long::sum));
        return users;
    }
}
