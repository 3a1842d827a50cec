package io.gpuctl.experiments.result;

import org.jspecify.annotations.Nullable;

/**
 * What the engine counts while a run goes on, and cannot be told from the outcomes of its tasks.
 *
 * @param gpuAllocationPercent allocated GPUs in % of all, mean over the run's time
 * @param preemptions attempts that were stopped in favour of another task
 * @param wastedGpuHours GPU time of attempts that was lost: what ran after the last checkpoint of an attempt that did
 *     not complete, and overheads of starting
 * @param energyKwh of all nodes; null if the run has no power model
 * @param faults null if nothing breaks in the run by itself
 */
public record RunTotals(
        double gpuAllocationPercent,
        long preemptions,
        double wastedGpuHours,
        @Nullable Double energyKwh,
        @Nullable FaultTotals faults) {
    /** Of a run in which nothing breaks. */
    public RunTotals(double gpuAllocationPercent, long preemptions, double wastedGpuHours, @Nullable Double energyKwh) {
        this(gpuAllocationPercent, preemptions, wastedGpuHours, energyKwh, null);
    }
}
