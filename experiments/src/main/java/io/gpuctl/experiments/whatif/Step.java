package io.gpuctl.experiments.whatif;

import io.gpuctl.experiments.engine.VirtualCluster;
import java.util.function.ObjLongConsumer;

/** Something that was done to a pool, whatever its policy, ms of cluster time. */
record Step(long atMs, ObjLongConsumer<VirtualCluster> plan) {
    void planIn(VirtualCluster cluster) {
        plan.accept(cluster, atMs);
    }
}
