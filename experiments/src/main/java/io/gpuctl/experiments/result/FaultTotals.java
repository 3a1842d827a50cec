package io.gpuctl.experiments.result;

import io.gpuctl.events.EndReason;
import io.gpuctl.events.FaultKind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The effects of faults in a run.
 *
 * @param faults number of faults that struck, by kind; missing kinds did not strike
 * @param requeues number of requeued tasks, by the reason for which their attempt ended
 * @param lostGpuHours GPU time lost in attempts that neither a user nor the scheduler ended on purpose
 * @param outGpuHours GPU time in which GPUs were out of service, or on a node that was silent or cordoned for a fault
 * @param mttrSeconds mean time from when a GPU was taken out of service to its return; null if no GPU returned
 * @param goodputPercent work done and kept, at full clock, in % of the GPU time allocated for the work
 */
public record FaultTotals(
        Map<FaultKind, Long> faults,
        Map<EndReason, Long> requeues,
        double lostGpuHours,
        double outGpuHours,
        @Nullable Double mttrSeconds,
        double goodputPercent) {
    public FaultTotals {
        var kinds = new EnumMap<FaultKind, Long>(FaultKind.class);
        kinds.putAll(faults);
        faults = Collections.unmodifiableMap(kinds);
        var reasons = new EnumMap<EndReason, Long>(EndReason.class);
        reasons.putAll(requeues);
        requeues = Collections.unmodifiableMap(reasons);
    }

    /** Returns the metrics of these totals. */
    Map<Metric, Double> values() {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.GOODPUT, goodputPercent);
        values.put(Metric.LOST_GPU_HOURS, lostGpuHours);
        values.put(Metric.OUT_GPU_HOURS, outGpuHours);
        if (mttrSeconds != null) {
            values.put(Metric.MTTR, mttrSeconds);
        }
        for (FaultKind kind : FaultKind.values()) {
            values.put(metric(kind), (double) faults.getOrDefault(kind, 0L));
        }
        for (EndReason reason : EndReason.values()) {
            values.put(metric(reason), (double) requeues.getOrDefault(reason, 0L));
        }
        return values;
    }

    private static Metric metric(FaultKind kind) {
        return switch (kind) {
            case XID -> Metric.FAULTS_XID;
            case THERMAL_SHUTDOWN -> Metric.FAULTS_THERMAL_SHUTDOWN;
            case NODE_CRASH -> Metric.FAULTS_NODE_CRASH;
            case PARTITION -> Metric.FAULTS_PARTITION;
            case STRAGGLER -> Metric.FAULTS_STRAGGLER;
            case ECC_SINGLE_BIT -> Metric.FAULTS_ECC_SINGLE_BIT;
        };
    }

    private static Metric metric(EndReason reason) {
        return switch (reason) {
            case TASK_FAILED -> Metric.REQUEUES_TASK_FAILED;
            case NODE_LOST -> Metric.REQUEUES_NODE_LOST;
            case NODE_RESTARTED -> Metric.REQUEUES_NODE_RESTARTED;
            case NODE_SHUT_DOWN -> Metric.REQUEUES_NODE_SHUT_DOWN;
            case ATTEMPT_LOST -> Metric.REQUEUES_ATTEMPT_LOST;
            case PREEMPTED -> Metric.REQUEUES_PREEMPTED;
            case HARDWARE_FAULT -> Metric.REQUEUES_HARDWARE_FAULT;
            case NODE_DRAINED -> Metric.REQUEUES_NODE_DRAINED;
        };
    }
}
