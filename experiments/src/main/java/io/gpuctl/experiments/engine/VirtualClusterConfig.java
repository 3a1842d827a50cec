package io.gpuctl.experiments.engine;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Work;
import io.gpuctl.simulator.cluster.GpuModels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@link VirtualCluster}.
 *
 * @param nodes of the pool; they register in this order, at 0 ms. Others may {@link VirtualCluster#join join} later
 * @param models the catalogue of the nodes' GPU models
 * @param sensing how nodes are measured; if null, nodes are not measured and have no conditions
 * @param faults the faults that strike the nodes present from the start; null for none
 */
public record VirtualClusterConfig(
        PoolId pool,
        List<NodeInventory> nodes,
        GpuModels models,
        PoolSettings settings,
        @Nullable Sensing sensing,
        Checks checks,
        @Nullable Faults faults) {
    public VirtualClusterConfig {
        nodes = List.copyOf(nodes);
        if (!nodes.stream().allMatch(node -> node.pool().equals(pool))) {
            throw new IllegalArgumentException("All nodes must be in the cluster's pool");
        }
    }

    /** A configuration without faults. */
    public VirtualClusterConfig(
            PoolId pool,
            List<NodeInventory> nodes,
            GpuModels models,
            PoolSettings settings,
            @Nullable Sensing sensing,
            Checks checks) {
        this(pool, nodes, models, settings, sensing, checks, null);
    }

    /**
     * Returns the same configuration with these faults. The scheduler then misses silent nodes, as in a live pool.
     *
     * @param broken null for no faults
     */
    public VirtualClusterConfig withFaults(@Nullable Faults broken) {
        if (broken == null || broken.laws().isOff()) {
            return this;
        }
        PoolSettings live = PoolSettings.withPolicy(settings.policy());
        var watched = settings.withSilence(
                Math.min(settings.suspectAfterMs(), live.suspectAfterMs()),
                Math.min(settings.lostAfterMs(), live.lostAfterMs()));
        return new VirtualClusterConfig(pool, nodes, models, watched, sensing, checks, broken);
    }

    /**
     * A configuration with the settings of a live pool, except that silent nodes are not missed.
     *
     * @param nodes at least one, all of one pool
     */
    public VirtualClusterConfig(
            List<NodeInventory> nodes, GpuModels models, PolicySpec policy, @Nullable Sensing sensing, Checks checks) {
        this(nodes.getFirst().pool(), nodes, models, settings(policy), sensing, checks);
    }

    /** The same configuration with the built-in GPU models. */
    public VirtualClusterConfig(
            List<NodeInventory> nodes, PolicySpec policy, @Nullable Sensing sensing, Checks checks) {
        this(nodes, GpuModels.builtIn(), policy, sensing, checks);
    }

    private static PoolSettings settings(PolicySpec policy) {
        return PoolSettings.withPolicy(policy).withSilence(Work.MAX_DURATION_MS, Work.MAX_DURATION_MS);
    }
}
