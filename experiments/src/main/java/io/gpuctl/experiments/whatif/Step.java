package io.gpuctl.experiments.whatif;

import io.gpuctl.experiments.engine.VirtualCluster;
import java.util.function.ObjLongConsumer;

/** An action on a pool that does not depend on the pool's policy, at a time in ms of cluster time. */
record Step(long atMs, ObjLongConsumer<VirtualCluster> plan) {
    void planIn(VirtualCluster cluster) {
        plan.accept(cluster, atMs);
    }
}
