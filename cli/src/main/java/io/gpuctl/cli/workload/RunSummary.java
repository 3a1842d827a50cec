package io.gpuctl.cli.workload;

import io.gpuctl.events.PendingReason;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The results of a workload. Times are ms of cluster time.
 *
 * @param requeues attempts that ended without success and were followed by another
 * @param preemptions number of requeues that made room for other tasks
 * @param completion job completion time: from submission to the end, of the completed tasks
 * @param queueing from submission to the first placement, of the placed tasks
 */
record RunSummary(
        RunStatus status,
        Map<PendingReason.Code, Integer> rejectionsByReason,
        int requeues,
        int preemptions,
        Percentiles completion,
        Percentiles queueing,
        GpuAllocation gpuAllocation) {

    /** Percentiles of durations, ms; three significant digits. All are 0 if {@code count} is 0. */
    record Percentiles(long count, long p50Ms, long p95Ms, long p99Ms, long maxMs) {

        static Percentiles of(Histogram histogram) {
            return new Percentiles(
                    histogram.getTotalCount(),
                    histogram.getValueAtPercentile(50),
                    histogram.getValueAtPercentile(95),
                    histogram.getValueAtPercentile(99),
                    histogram.getTotalCount() == 0 ? 0 : histogram.getMaxValue());
        }
    }

    /**
     * Shares (0 to 1) of all the cluster's GPUs.
     *
     * @param spanMs from the first submission to the last change
     * @param overTime the mean in equal parts of that span, in order
     */
    record GpuAllocation(long spanMs, double mean, double max, List<Double> overTime) {}
}
