package io.gpuctl.api.nodes;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.PoolView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The moment for which nodes are shown, and what is needed to compute how long they have been silent.
 *
 * @param nowMs ms of cluster time
 * @param speed how much faster than wall time cluster time runs
 * @param settings the settings of the configured pools
 */
public record Moment(long nowMs, double speed, Map<PoolId, PoolSettings> settings) {

    public static Moment of(ClusterClock clock, List<PoolView> pools) {
        Map<PoolId, PoolSettings> settings = new HashMap<>();
        for (var pool : pools) {
            if (pool.settings() != null) {
                settings.put(pool.pool(), pool.settings());
            }
        }
        return new Moment(clock.nowMs(), clock.speed(), Map.copyOf(settings));
    }

    /** Returns whether the last measurements of a node are current. */
    public boolean isCurrent(NodeView view, NodeTelemetry telemetry) {
        return view.state() == NodeState.UP
                && ageMs(telemetry) <= telemetry.currentFor().toMillis() * speed;
    }

    /**
     * Returns the age of a sample, ms of cluster time; never negative, though at a high speed a sample may be ahead of
     * the moment.
     */
    public long ageMs(NodeTelemetry telemetry) {
        return Math.max(0, nowMs - telemetry.atMs());
    }

    /** Returns for how long a suspect or lost node has sent no heartbeat, ms of cluster time. */
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
