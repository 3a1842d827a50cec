package io.gpuctl.api.nodes;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.PoolView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When nodes are shown, and what tells how long they have been silent by then.
 *
 * @param nowMs ms of cluster time
 * @param freshMs age up to which a measurement is current, ms of cluster time
 * @param settings of the pools that have any
 */
public record Moment(long nowMs, long freshMs, Map<PoolId, PoolSettings> settings) {

    public static Moment of(ClusterClock clock, List<PoolView> pools) {
        Map<PoolId, PoolSettings> settings = new HashMap<>();
        for (var pool : pools) {
            if (pool.settings() != null) {
                settings.put(pool.pool(), pool.settings());
            }
        }
        return new Moment(
                clock.nowMs(), clock.clusterDurationMs(TelemetrySummary.SILENT_AFTER.toMillis()), Map.copyOf(settings));
    }

    /** Whether what a node measured last tells how it is now. */
    public boolean isCurrent(NodeView view, NodeTelemetry telemetry) {
        return view.state() == NodeState.UP && ageMs(telemetry) <= freshMs;
    }

    /** At a high speed a sample may be ahead of the moment. */
    public long ageMs(NodeTelemetry telemetry) {
        return Math.max(0, nowMs - telemetry.atMs());
    }

    /** For how long a node that is suspect or lost has sent no heartbeat, ms of cluster time. */
    public long silentMs(NodeView view) {
        var ofPool = settings.get(view.inventory().pool());
        long untilThenMs = ofPool == null
                ? 0
                : switch (view.state()) {
                    case SUSPECT -> ofPool.suspectAfterMs();
                    case LOST -> ofPool.lostAfterMs();
                    case UP, DOWN -> 0;
                };
        return untilThenMs + Math.max(0, nowMs - view.stateSinceMs());
    }
}
