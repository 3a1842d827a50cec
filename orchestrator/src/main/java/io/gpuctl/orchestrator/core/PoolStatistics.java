package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
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
 * @param nodesOperatorNeeded nodes that were cordoned automatically once too often: only an operator brings them back
 */
public record PoolStatistics(
        Map<Code, Integer> waiting,
        Map<Priority, Long> oldestSinceMs,
        long gpuMilliRequested,
        int gpusInService,
        long gpuMilliFree,
        long gpuMilliFreeUnusable,
        int nodesOperatorNeeded) {
    private static final double MS_PER_SECOND = 1_000;

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

    /** Hands over each series once; {@code nowMs}: cluster time. */
    public void collect(String pool, long nowMs, MetricSink sink) {
        for (Code reason : Code.values()) {
            sink.sample(Metric.TASKS_WAITING, waiting.getOrDefault(reason, 0), pool, lower(reason));
        }
        for (Priority priority : Priority.values()) {
            long sinceMs = oldestSinceMs.getOrDefault(priority, nowMs);
            sink.sample(Metric.OLDEST_WAIT, Math.max(0, nowMs - sinceMs) / MS_PER_SECOND, pool, lower(priority));
        }
        sink.sample(Metric.GPUS_REQUESTED, gpus(gpuMilliRequested), pool);
        sink.sample(Metric.GPUS_IN_SERVICE, gpusInService, pool);
        sink.sample(Metric.GPUS_FREE, gpus(gpuMilliFree), pool);
        sink.sample(Metric.GPUS_FREE_UNUSABLE, gpus(gpuMilliFreeUnusable), pool);
        sink.sample(Metric.NODES_OPERATOR_NEEDED, nodesOperatorNeeded, pool);
    }

    private static double gpus(long milli) {
        return (double) milli / GpuRequest.WHOLE;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
