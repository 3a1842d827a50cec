package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.telemetry.views.InMemoryViewStore;
import io.gpuctl.telemetry.views.NodeRecord;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.PoolViewsFold;
import io.gpuctl.telemetry.views.RunningTask;
import io.gpuctl.telemetry.views.TaskView;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A cluster as facts and telemetry tell it, at the time of the newest. Its views forget finished tasks as a live cluster's do. */
final class ClusterPast {
    private final InMemoryViewStore views = InMemoryViewStore.withoutHistories();
    private final PoolViewsFold fold = new PoolViewsFold(views);
    private final SortedMap<PoolId, FactCounts> counts = new TreeMap<>();
    private final SortedMap<PoolId, SchedulerPast> schedulers = new TreeMap<>();
    private final SortedMap<PoolId, DelayHistogram> delays = new TreeMap<>();
    private final SortedMap<NodeId, NodeTelemetry> telemetry = new TreeMap<>();
    private final SortedMap<NodeId, SortedMap<GpuXid, Long>> xids = new TreeMap<>();

    /** A driver error of a GPU, or of its node, which is -1. */
    record GpuXid(int gpu, int xid) implements Comparable<GpuXid> {
        @Override
        public int compareTo(GpuXid other) {
            int byGpu = Integer.compare(gpu, other.gpu);
            return byGpu != 0 ? byGpu : Integer.compare(xid, other.xid);
        }
    }

    void apply(Fact fact) {
        if (!fold.apply(fact).applied()) {
            return;
        }
        counts.computeIfAbsent(fact.pool(), _ -> new FactCounts()).add(fact.event());
        scheduler(fact.pool()).apply(fact);
        switch (fact.event()) {
            case ClusterEvent.OfTask event -> delays(event, fact);
            case ClusterEvent.NodeRegistered event -> telemetry.remove(event.nodeId());
            case ClusterEvent.NodeFaulted event
            when event.xid() > 0 ->
                xids.computeIfAbsent(event.nodeId(), _ -> new TreeMap<>())
                        .merge(new GpuXid(event.gpu(), event.xid()), 1L, Long::sum);
            case ClusterEvent _ -> {}
        }
    }

    private void delays(ClusterEvent.OfTask event, Fact fact) {
        TaskView task = views.task(event.taskId());
        if (event instanceof ClusterEvent.TaskPlaced placed && placed.attempt() == 1 && task != null) {
            delays(fact.pool()).add(fact.atMs() - task.submittedAtMs());
        }
    }

    /** From submissions to first placements. */
    DelayHistogram delays(PoolId pool) {
        return delays.computeIfAbsent(pool, _ -> new DelayHistogram());
    }

    void apply(NodeTelemetry sample) {
        telemetry.put(sample.nodeId(), sample);
    }

    /** What was measured before is of no interest. */
    void forgetTelemetryBefore(long atMs) {
        telemetry.values().removeIf(sample -> sample.atMs() < atMs);
    }

    Collection<PoolView> pools() {
        return views.pools().values();
    }

    Collection<NodeRecord> nodes() {
        return views.nodes().values();
    }

    /** The policy in force in a pool, or in all of them; empty if none is, or not one. */
    SequencedMap<String, String> policyLabels(@Nullable PoolId pool) {
        SequencedMap<String, String> labels = new LinkedHashMap<>();
        for (PoolView view : pools()) {
            if (view.settings() == null || (pool != null && !pool.equals(view.pool()))) {
                continue;
            }
            PolicySpec policy = view.settings().policy();
            String before = labels.put(PastSettings.POLICY, policy.name());
            labels.put(PastSettings.SEED, Long.toString(policy.seed()));
            if (before != null && !before.equals(policy.name())) {
                return new LinkedHashMap<>();
            }
        }
        return labels;
    }

    FactCounts counts(PoolId pool) {
        return counts.getOrDefault(pool, new FactCounts());
    }

    SchedulerPast scheduler(PoolId pool) {
        return schedulers.computeIfAbsent(pool, SchedulerPast::new);
    }

    /** Whether each pool's log begins with its first fact. */
    boolean knowsSchedulers() {
        return schedulers.values().stream().allMatch(SchedulerPast::isKnown);
    }

    Map<GpuXid, Long> xids(NodeId nodeId) {
        return xids.getOrDefault(nodeId, new TreeMap<>());
    }

    /** What is held there. */
    List<RunningTask> held(NodeId nodeId) {
        return views.holds(nodeId);
    }

    /** What was measured there last; null if nothing was since its node started, or it is not up. */
    @Nullable
    NodeTelemetry telemetry(NodeRecord node) {
        return node.state() == NodeState.UP ? telemetry.get(node.inventory().nodeId()) : null;
    }

    /** The last smoothed condition of a node that is up. */
    @Nullable
    NodeCondition condition(NodeRecord node) {
        return node.state() == NodeState.UP ? node.condition() : null;
    }
}
