package io.gpuctl.orchestrator.policy;

import io.gpuctl.orchestrator.core.Job;
import io.gpuctl.orchestrator.core.PreemptiveOrder;

/**
 * Shortest remaining service first: the job that needs the fewest further GPU-seconds runs first. A baseline in Gu et
 * al., "Tiresias: A GPU Cluster Manager for Distributed Deep Learning", NSDI 2019, and Zhao et al., "Multi-Resource
 * Interleaving for Deep Learning Training", SIGCOMM 2022.
 */
public final class Srsf implements PreemptiveOrder {
    public static final String NAME = "srsf";

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
        return Double.compare(remainingService(one), remainingService(other));
    }

    private static double remainingService(Job job) {
        return job.remainingSeconds() * job.gpus();
    }

    /** Returns {@link #NEVER}: running only moves a job towards the front. */
    @Override
    public double secondsToFallBack(Job job) {
        return NEVER;
    }
}
