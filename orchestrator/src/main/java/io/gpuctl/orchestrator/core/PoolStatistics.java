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
 * The numbers of a pool at one moment. Amounts named {@code gpuMilli} are in thousandths of a GPU.
 *
 * @param waiting number of waiting tasks by the reason why they are not placed; includes tasks that back off
 * @param oldestSinceMs since when the longest waiting task of each priority has waited, ms of cluster time; without
 *     priorities that have no queued task
 * @param gpuMilliRequested sum of what the queued tasks ask for
 * @param gpusInService working GPUs of the nodes that are up and not automatically cordoned
 * @param gpuMilliFree free GPUs of the nodes that accept tasks now
 * @param gpuMilliFreeUnusable the part of {@code gpuMilliFree} on nodes where no queued task, and no member of a queued
 *     gang, fits; 0 if no queued task needs GPUs
 * @param nodesOperatorNeeded nodes that were automatically cordoned too often: only an operator can uncordon them
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
     * Counts a pool. Takes time in proportion to the queue and the nodes.
     *
     * @param queuedAtMs returns since when a queued task has been waiting, ms of cluster time
     */
    public static PoolStatistics of(PoolState state, ToLongFunction<TaskId> queuedAtMs) {
        return new PoolCount(state).advance(queuedAtMs, Integer.MAX_VALUE).orElseThrow();
    }

    /** Passes a sample of each series to the sink; {@code nowMs} is the cluster time. */
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
