package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.CordonCause;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import io.gpuctl.telemetry.core.NodeRecord;
import io.gpuctl.telemetry.core.NodeUpkeep;
import io.gpuctl.telemetry.core.Outage;
import io.gpuctl.telemetry.core.PoolView;
import io.gpuctl.telemetry.core.RunningTask;
import java.util.Arrays;

/** The series of a pool. */
final class PoolSeries {
    private static final double MS_PER_SECOND = 1_000;
    private static final double MJ_PER_JOULE = 1_000;

    private final ClusterPast past;

    PoolSeries(ClusterPast past) {
        this.past = past;
    }

    void collect(PoolView view, long nowMs, MetricSink sink) {
        String pool = view.pool().value();
        if (view.settings() != null) {
            sink.sample(Metric.POOL_INFO, 1, pool, view.settings().policy().name());
        }
        for (var health : NodeHealth.values()) {
            sink.sample(Metric.NODES, view.nodes(health), pool, Words.of(health));
        }
        for (var state : TaskState.values()) {
            sink.sample(Metric.TASKS, view.tasks(state), pool, Words.of(state));
        }
        for (var reason : EndReason.values()) {
            sink.sample(Metric.REQUEUES, requeues(view, reason), pool, Words.of(reason));
        }
        sink.sample(Metric.PREEMPTIONS, requeues(view, EndReason.PREEMPTED), pool);
        sink.sample(Metric.TASKS_ENDED, ended(view), pool);
        sink.sample(Metric.LOST_WORK, view.lostWorkMs() / MS_PER_SECOND, pool);
        sink.sample(Metric.ENERGY, view.energyMj() / MJ_PER_JOULE, pool);
        sink.sample(Metric.GPU_OUT_OF_SERVICE, view.service().outGpuMs(nowMs) / MS_PER_SECOND, pool);
        sink.sample(Metric.GPUS, view.gpusTotal(), pool);
        sink.sample(Metric.GPUS_ALLOCATED, (double) view.gpuMilliAllocatedUp() / GpuRequest.WHOLE, pool);
        collectNodes(view, sink);
        past.counts(view.pool()).collect(pool, sink);
        past.waiting(view.pool()).collect(view.pool(), nowMs, sink);
    }

    private static double requeues(PoolView view, EndReason reason) {
        return view.requeuesByReason().getOrDefault(reason, 0L).doubleValue();
    }

    private static double ended(PoolView view) {
        long kept = 0;
        for (var state : TaskState.values()) {
            kept += state.isFinal() ? view.tasks(state) : 0;
        }
        return kept + view.tasksForgotten();
    }

    private void collectNodes(PoolView view, MetricSink sink) {
        int inService = 0;
        long freeMilli = 0;
        int operatorNeeded = 0;
        for (NodeRecord node : past.nodes()) {
            if (!node.inventory().pool().equals(view.pool())) {
                continue;
            }
            NodeUpkeep.Cordon cordon = node.upkeep().cordon();
            Outage outage = node.outage();
            boolean isUp = node.state() == NodeState.UP;
            inService += isUp ? node.inventory().gpuCount() - (outage == null ? 0 : outage.gpus()) : 0;
            freeMilli += isUp && cordon == null ? freeMilli(node) : 0;
            operatorNeeded += cordon != null && cordon.cause() != CordonCause.OPERATOR && cordon.untilMs() == 0 ? 1 : 0;
        }
        String pool = view.pool().value();
        sink.sample(Metric.GPUS_IN_SERVICE, inService, pool);
        sink.sample(Metric.GPUS_FREE, (double) freeMilli / GpuRequest.WHOLE, pool);
        sink.sample(Metric.NODES_OPERATOR_NEEDED, operatorNeeded, pool);
    }

    private long freeMilli(NodeRecord node) {
        long[] free = new long[node.inventory().gpuCount()];
        Arrays.fill(free, GpuRequest.WHOLE);
        for (RunningTask hold : past.held(node.inventory().nodeId())) {
            for (int gpu : hold.allocation().gpus()) {
                free[gpu] -= hold.allocation().gpuMilli();
            }
        }
        node.upkeep().gpusOut().keySet().forEach(gpu -> free[gpu] = 0);
        return Arrays.stream(free).map(milli -> Math.max(0, milli)).sum();
    }
}
