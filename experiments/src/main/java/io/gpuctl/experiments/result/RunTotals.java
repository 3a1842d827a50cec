package io.gpuctl.experiments.result;

import org.jspecify.annotations.Nullable;

/**
 * Totals that the engine counts during a run, because the outcomes of the tasks do not contain them.
 *
 * @param gpuAllocationPercent allocated GPUs in % of all GPUs, mean over the run's time
 * @param preemptions attempts that were stopped in favour of another task
 * @param wastedGpuHours lost GPU time of attempts that did not complete: their work after the last checkpoint, and
 *     overheads of starting
 * @param physics totals of the GPU model; null if the run has none
 * @param faults effects of faults; null for a run without faults
 */
public record RunTotals(
        double gpuAllocationPercent,
        long preemptions,
        double wastedGpuHours,
        @Nullable Physics physics,
        @Nullable FaultTotals faults) {
    /** Totals of a run without faults. */
    public RunTotals(double gpuAllocationPercent, long preemptions, double wastedGpuHours, @Nullable Physics physics) {
        this(gpuAllocationPercent, preemptions, wastedGpuHours, physics, null);
    }

    /**
     * Physical totals over all GPUs.
     *
     * @param energyKwh energy that the GPUs have drawn
     * @param throttledGpuHours GPU time for which heat held clocks down
     */
    public record Physics(double energyKwh, double throttledGpuHours) {}
}
