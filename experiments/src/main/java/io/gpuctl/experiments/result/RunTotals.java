package io.gpuctl.experiments.result;

import org.jspecify.annotations.Nullable;

/**
 * What the engine counts while a run goes on, and cannot be told from the outcomes of its tasks.
 *
 * @param gpuAllocationPercent allocated GPUs in % of all, mean over the run's time
 * @param preemptions attempts that were stopped in favour of another task
 * @param wastedGpuHours GPU time of attempts that was lost: what ran after the last checkpoint of an attempt that did
 *     not complete, and overheads of starting
 * @param physics what the GPUs went through; null if the run has no model of them
 * @param faults null if nothing breaks in the run by itself
 */
public record RunTotals(
        double gpuAllocationPercent,
        long preemptions,
        double wastedGpuHours,
        @Nullable Physics physics,
        @Nullable FaultTotals faults) {
    /** Of a run in which nothing breaks. */
    public RunTotals(double gpuAllocationPercent, long preemptions, double wastedGpuHours, @Nullable Physics physics) {
        this(gpuAllocationPercent, preemptions, wastedGpuHours, physics, null);
    }

    /**
     * Summed over all GPUs.
     *
     * @param energyKwh what they have drawn
     * @param throttledGpuHours for how long heat has held their clocks down
     */
    public record Physics(double energyKwh, double throttledGpuHours) {}
}
