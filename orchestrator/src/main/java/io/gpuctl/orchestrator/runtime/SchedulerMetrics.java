package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import io.gpuctl.events.metrics.MetricSource;
import io.gpuctl.orchestrator.core.PoolState;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The metrics of an orchestrator's pools, each from when the orchestrator gets the pool until it loses the pool. Stream
 * threads write, any thread reads.
 */
final class SchedulerMetrics implements MetricSource {
    private static final String SERVICE = "orchestrator";

    private final MeterRegistry registry;
    private final ClusterClock clock;
    private final Set<PoolMetrics> pools = ConcurrentHashMap.newKeySet();
    private final AtomicInteger partitions = new AtomicInteger();

    /** {@code registry} gets the histograms. */
    SchedulerMetrics(MeterRegistry registry, ClusterClock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** Notes that this instance now decides for a partition. */
    void partitionOpened() {
        partitions.incrementAndGet();
    }

    void partitionClosed() {
        partitions.decrementAndGet();
    }

    /**
     * Opens the metrics of a pool that this instance now decides for. Only the calling stream thread may write them.
     */
    PoolMetrics open(PoolState state) {
        PoolMetrics pool = new PoolMetrics(state, registry, clock);
        pools.add(pool);
        return pool;
    }

    void close(PoolMetrics pool) {
        pools.remove(pool);
        pool.close();
    }

    @Override
    public void collect(MetricSink sink) {
        sink.sample(Metric.INSTANCE_ACTIVE, partitions.get() > 0 ? 1 : 0, SERVICE);
        pools.forEach(pool -> pool.collect(sink));
    }
}
