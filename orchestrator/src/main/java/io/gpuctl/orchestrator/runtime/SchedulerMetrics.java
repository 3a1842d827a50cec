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
 * What an orchestrator tells of its pools: of each from when it gets the pool until it loses it. Stream threads tell, any
 * thread asks.
 */
final class SchedulerMetrics implements MetricSource {
    private static final String SERVICE = "orchestrator";

    private final MeterRegistry registry;
    private final ClusterClock clock;
    private final Set<PoolMetrics> pools = ConcurrentHashMap.newKeySet();
    private final AtomicInteger partitions = new AtomicInteger();

    /** {@code registry}: gets the histograms. */
    SchedulerMetrics(MeterRegistry registry, ClusterClock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** A partition is decided for here from now on. */
    void partitionOpened() {
        partitions.incrementAndGet();
    }

    void partitionClosed() {
        partitions.decrementAndGet();
    }

    /** The pool is decided for here from now on, and what is told of it comes from the stream thread that calls. */
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
