package io.gpuctl.orchestrator.core;

import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * A pool in numbers, at one moment. GPUs are in thousandths of one.
 *
 * @param waiting how many tasks wait, by why they were not placed; those that back off are among them
 * @param oldestSinceMs since when the task waits that has waited longest, ms of cluster time, by priority; without those of
 *     which none is queued
 * @param gpuMilliRequested what the queued tasks ask for together
 * @param gpusInService GPUs that work, of nodes that are up and not cordoned for a fault
 * @param gpuMilliFree what tasks could be placed on now
 * @param gpuMilliFreeUnusable that part of it which is on nodes where no queued task, nor a member of one, fits; 0 if no task
 *     that needs GPUs is queued
 * @param nodesOperatorNeeded nodes that are cordoned for a fault until an operator, or a new start, brings them back
 */
public record PoolStatistics(
        Map<Code, Integer> waiting,
        Map<Priority, Long> oldestSinceMs,
        long gpuMilliRequested,
        int gpusInService,
        long gpuMilliFree,
        long gpuMilliFreeUnusable,
        int nodesOperatorNeeded) {
    public PoolStatistics {
        waiting = Collections.unmodifiableMap(new EnumMap<>(waiting));
        oldestSinceMs = Collections.unmodifiableMap(new EnumMap<>(oldestSinceMs));
    }

    /**
     * Counts. Takes time in proportion to the queue and the nodes.
     *
     * @param queuedAtMs since when a queued task waits, ms of cluster time
     */
    public static PoolStatistics of(PoolState state, ToLongFunction<TaskId> queuedAtMs) {
        return new PoolCount(state).advance(queuedAtMs, Integer.MAX_VALUE).orElseThrow();
    }
}
