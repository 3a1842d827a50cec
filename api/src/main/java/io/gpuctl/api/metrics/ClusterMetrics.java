package io.gpuctl.api.metrics;

import io.gpuctl.api.events.PastFolding;
import io.gpuctl.api.kafka.BrokerWatch;
import io.gpuctl.api.views.ViewsService;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import io.gpuctl.events.metrics.MetricSource;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.runtime.Ownership;
import io.gpuctl.telemetry.runtime.Views;
import io.gpuctl.telemetry.runtime.ViewsNotReadyException;
import io.gpuctl.telemetry.views.PoolMetrics;
import io.gpuctl.telemetry.views.PoolView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the pools whose partitions this instance owns, from the views. While the views are not ready or have
 * not caught up with old facts, or the broker is away, only this state is reported: an outdated number is worse than
 * none. The cost does not depend on the number of tasks and nodes.
 */
@ApplicationScoped
public class ClusterMetrics implements MetricSource {
    private final ViewsService views;
    private final PastFolding past;
    private final BrokerWatch broker;
    private final ClusterClock clock;

    ClusterMetrics(ViewsService views, PastFolding past, BrokerWatch broker, ClusterClock clock) {
        this.views = views;
        this.past = past;
        this.broker = broker;
        this.clock = clock;
    }

    /** {@code isOwner} tells whether this instance owns any partition. */
    private record Read(List<PoolView> pools, TelemetrySummary telemetry, boolean isOwner) {}

    @Override
    public void collect(MetricSink sink) {
        sink.sample(Metric.VIEW_RESTORE_REMAINING, views.restoreRemaining());
        Read read = read();
        sink.sample(Metric.VIEW_READY, read == null ? 0 : 1);
        sink.sample(Metric.INSTANCE_ACTIVE, read == null || !read.isOwner() ? 0 : 1, "api");
        if (read != null) {
            sink.sample(Metric.POOLS, read.pools().size());
            read.pools().forEach(pool -> PoolMetrics.collect(pool, clock.nowMs(), sink));
            collect(read.telemetry(), sink);
        }
    }

    private @Nullable Read read() {
        if (!views.isReady() || past.problem() != null || broker.isAway()) {
            return null;
        }
        try {
            Views local = views.views();
            Ownership ownership = local.ownership();
            boolean isOwner = ownership.poolPartitions().containsValue(ownership.self())
                    || ownership.telemetryPartitions().containsValue(ownership.self());
            return new Read(local.pools(), local.telemetrySummary(), isOwner);
        } catch (ViewsNotReadyException _) {
            return null; // Partitions are moving now.
        }
    }

    private static void collect(TelemetrySummary telemetry, MetricSink sink) {
        sink.sample(Metric.REPORTING_GPUS, telemetry.gpus());
        sink.sample(Metric.POWER, telemetry.totalPowerWatts());
        sink.sample(Metric.THROTTLED_GPUS, telemetry.throttledGpus());
        if (telemetry.hottest() != null) {
            sink.sample(Metric.UTILIZATION, telemetry.meanUtilization());
            sink.sample(Metric.HOTTEST_GPU, telemetry.hottest().temperatureCelsius());
        }
    }
}
