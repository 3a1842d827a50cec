package io.gpuctl.orchestrator.policy;

import io.gpuctl.orchestrator.core.Job;
import io.gpuctl.orchestrator.core.PreemptiveOrder;

/**
 * Shortest remaining time first: the job that would end first runs first. Gives the least mean completion time on one
 * machine; on many machines it ignores how many GPUs a job takes for that time. A baseline in Gu et al., "Tiresias: A
 * GPU Cluster Manager for Distributed Deep Learning", NSDI 2019, and Zhao et al., "Multi-Resource Interleaving for Deep
 * Learning Training", SIGCOMM 2022.
 */
public final class Srtf implements PreemptiveOrder {
    public static final String NAME = "srtf";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean needsDurations() {
        return true;
    }

    @Override
    public int compare(Job one, Job other) {
        return Double.compare(one.remainingSeconds(), other.remainingSeconds());
    }

    /** Returns {@link #NEVER}: running only moves a job towards the front. */
    @Override
    public double secondsToFallBack(Job job) {
        return NEVER;
    }
}
