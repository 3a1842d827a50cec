package io.gpuctl.api.metrics;

import io.gpuctl.api.kafka.GroupWatch;
import io.gpuctl.api.kafka.GroupWatch.Lag;
import io.gpuctl.api.kafka.OrchestratorWatch;
import io.gpuctl.api.kafka.ReplicaWatch;
import io.gpuctl.api.views.ViewsService;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import io.gpuctl.events.metrics.MetricSource;
import io.gpuctl.telemetry.runtime.Ownership;
import io.gpuctl.telemetry.runtime.Ownership.Host;
import io.gpuctl.telemetry.runtime.ViewsApp;
import io.gpuctl.telemetry.runtime.ViewsNotReadyException;
import io.gpuctl.telemetry.views.PoolView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** Metrics of Kafka as this instance sees it, from the last checks some seconds ago. */
@ApplicationScoped
public class PipelineMetrics implements MetricSource {
    private final OrchestratorWatch orchestrators;
    private final GroupWatch groups;
    private final ReplicaWatch replicas;
    private final ViewsService views;

    PipelineMetrics(OrchestratorWatch orchestrators, GroupWatch groups, ReplicaWatch replicas, ViewsService views) {
        this.orchestrators = orchestrators;
        this.groups = groups;
        this.replicas = replicas;
        this.views = views;
    }

    @Override
    public void collect(MetricSink sink) {
        List<Lag> lags = groups.lags();
        for (Lag lag : lags) {
            sink.sample(Metric.GROUP_LAG, lag.records(), lag.group(), lag.topic(), number(lag.partition()));
        }
        groups.oldestUnreadCommandSeconds().ifPresent(seconds -> sink.sample(Metric.OLDEST_UNREAD_COMMAND, seconds));
        replicas.copies().forEach(copies -> {
            String partition = number(copies.partition());
            sink.sample(Metric.REPLICAS, copies.replicas(), copies.topic(), partition);
            sink.sample(Metric.IN_SYNC_REPLICAS, copies.inSync(), copies.topic(), partition);
        });
        collectOfViews(lags, sink);
    }

    private void collectOfViews(List<Lag> lags, MetricSink sink) {
        Ownership ownership;
        List<PoolView> pools;
        try {
            ownership = views.views().ownership();
            pools = views.views().pools();
        } catch (ViewsNotReadyException _) {
            return;
        }
        orchestrators
                .decidedPartitions()
                .ifPresent(decided -> sink.sample(
                        Metric.POOLS_WITHOUT_OWNER,
                        pools.stream()
                                .filter(pool -> !decided.contains(PoolPartitioner.partition(pool.pool())))
                                .count()));
        for (Lag lag : lags) {
            if (lag.group().equals(ViewsApp.APPLICATION_ID) && isHere(lag, ownership)) {
                sink.sample(Metric.VIEW_LAG_RECORDS, lag.records(), lag.topic(), number(lag.partition()));
                if (lag.topic().equals(Topics.CLUSTER_EVENTS.name())) {
                    sink.sample(Metric.VIEW_LAG_SECONDS, lag.seconds(), number(lag.partition()));
                }
            }
        }
    }

    private static boolean isHere(Lag lag, Ownership ownership) {
        Map<Integer, Host> owners = lag.topic().equals(Topics.GPU_TELEMETRY.name())
                ? ownership.telemetryPartitions()
                : ownership.poolPartitions();
        return ownership.self().equals(owners.get(lag.partition()));
    }

    private static String number(int partition) {
        return Integer.toString(partition);
    }
}
