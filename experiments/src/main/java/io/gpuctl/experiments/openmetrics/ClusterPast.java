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

/**
 * The state of a cluster after the newest fact or telemetry sample. Its views forget finished tasks as in a live
 * cluster.
 */
final class ClusterPast {
    private final InMemoryViewStore views = InMemoryViewStore.withoutHistories();
    private final PoolViewsFold fold = new PoolViewsFold(views);
    private final SortedMap<PoolId, FactCounts> counts = new TreeMap<>();
    private final SortedMap<PoolId, SchedulerPast> schedulers = new TreeMap<>();
    private final SortedMap<PoolId, DelayHistogram> delays = new TreeMap<>();
    private final SortedMap<NodeId, NodeTelemetry> telemetry = new TreeMap<>();
    private final SortedMap<NodeId, SortedMap<GpuXid, Long>> xids = new TreeMap<>();

    /** A driver error of a GPU; {@code gpu} is -1 for an error of the node. */
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

    /** Returns the delays from submission to first placement. */
    DelayHistogram delays(PoolId pool) {
        return delays.computeIfAbsent(pool, _ -> new DelayHistogram());
    }

    void apply(NodeTelemetry sample) {
        telemetry.put(sample.nodeId(), sample);
    }

    /** Drops samples that are older than this time. */
    void forgetTelemetryBefore(long atMs) {
        telemetry.values().removeIf(sample -> sample.atMs() < atMs);
    }

    Collection<PoolView> pools() {
        return views.pools().values();
    }

    Collection<NodeRecord> nodes() {
        return views.nodes().values();
    }

    /**
     * Returns labels of the policy in force in a pool, or in all pools if {@code pool} is null; empty if there is no
     * policy, or if pools have different policies.
     */
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

    /** Returns whether the log of each pool begins with the pool's first fact. */
    boolean knowsSchedulers() {
        return schedulers.values().stream().allMatch(SchedulerPast::isKnown);
    }

    Map<GpuXid, Long> xids(NodeId nodeId) {
        return xids.getOrDefault(nodeId, new TreeMap<>());
    }

    /** Returns the attempts that hold GPUs of the node. */
    List<RunningTask> held(NodeId nodeId) {
        return views.holds(nodeId);
    }

    /** Returns the node's newest sample; null if the node is not up, or has no sample since it started. */
    @Nullable
    NodeTelemetry telemetry(NodeRecord node) {
        return node.state() == NodeState.UP ? telemetry.get(node.inventory().nodeId()) : null;
    }

    /** Returns the node's newest smoothed condition; null if the node is not up, or has none. */
    @Nullable
    NodeCondition condition(NodeRecord node) {
        return node.state() == NodeState.UP ? node.condition() : null;
    }
}
