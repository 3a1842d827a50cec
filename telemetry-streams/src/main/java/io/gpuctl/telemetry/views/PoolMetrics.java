package io.gpuctl.telemetry.views;

import io.gpuctl.events.EndReason;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import java.util.Locale;

/** Computes the metrics of a pool from its view, for the present and the past. */
public final class PoolMetrics {
    private static final double MS_PER_SECOND = 1_000;
    private static final double MJ_PER_JOULE = 1_000;

    private PoolMetrics() {}

    /** Passes each series to the sink once; {@code nowMs}: cluster time. */
    public static void collect(PoolView pool, long nowMs, MetricSink sink) {
        String name = pool.pool().value();
        if (pool.settings() != null) {
            sink.sample(Metric.POOL_INFO, 1, name, pool.settings().policy().name());
        }
        for (NodeHealth health : NodeHealth.values()) {
            sink.sample(Metric.NODES, pool.nodes(health), name, lower(health));
        }
        sink.sample(Metric.GPUS, pool.gpusTotal(), name);
        sink.sample(Metric.GPUS_ALLOCATED, (double) pool.gpuMilliAllocatedUp() / GpuRequest.WHOLE, name);
        long ended = pool.tasksForgotten();
        for (TaskState state : TaskState.values()) {
            sink.sample(Metric.TASKS, pool.tasks(state), name, lower(state));
            ended += state.isFinal() ? pool.tasks(state) : 0;
        }
        sink.sample(Metric.TASKS_ENDED, ended, name);
        for (EndReason reason : EndReason.values()) {
            sink.sample(Metric.REQUEUES, requeues(pool, reason), name, lower(reason));
        }
        sink.sample(Metric.PREEMPTIONS, requeues(pool, EndReason.PREEMPTED), name);
        sink.sample(Metric.LOST_WORK, pool.lostWorkMs() / MS_PER_SECOND, name);
        sink.sample(Metric.ENERGY, pool.energyMj() / MJ_PER_JOULE, name);
        sink.sample(Metric.GPU_OUT_OF_SERVICE, pool.service().outGpuMs(nowMs) / MS_PER_SECOND, name);
    }

    private static long requeues(PoolView pool, EndReason reason) {
        return pool.requeuesByReason().getOrDefault(reason, 0L);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
