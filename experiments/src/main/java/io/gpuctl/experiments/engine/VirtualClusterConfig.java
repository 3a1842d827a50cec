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
 * What a {@link VirtualCluster} consists of.
 *
 * @param nodes of that pool; they register in this order, at 0 ms. Others may {@link VirtualCluster#join} later
 * @param models what is known of the nodes' GPUs
 * @param sensing null: nodes are not measured, and have no conditions
 * @param faults null: nothing breaks by itself. Else it befalls the nodes that are there from the start
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
            throw new IllegalArgumentException("The nodes must be of one pool");
        }
    }

    /** In which nothing breaks by itself. */
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
     * The same, in which this breaks: who is not heard of is missed then, as in a live pool.
     *
     * @param broken null for nothing
     */
    public VirtualClusterConfig withFaults(@Nullable Faults broken) {
        if (broken == null || broken.laws().isOff()) {
            return this;
        }
        PoolSettings live = PoolSettings.withPolicy(settings.policy());
        var watched = new PoolSettings(
                settings.policy(),
                settings.manual(),
                settings.nodeLossesMax(),
                settings.retryBackoffMs(),
                Math.min(settings.suspectAfterMs(), live.suspectAfterMs()),
                Math.min(settings.lostAfterMs(), live.lostAfterMs()),
                settings.finishedTasksKept(),
                settings.health());
        return new VirtualClusterConfig(pool, nodes, models, watched, sensing, checks, broken);
    }

    /**
     * With the settings of a live pool, but that nobody is missed who is not heard of. Reasons for waiting are told
     * anew only when they are others: there is nobody to read how the numbers change.
     *
     * @param nodes at least one, all of one pool
     */
    public VirtualClusterConfig(
            List<NodeInventory> nodes, GpuModels models, PolicySpec policy, @Nullable Sensing sensing, Checks checks) {
        this(nodes.getFirst().pool(), nodes, models, settings(policy), sensing, checks);
    }

    /** As above, with the GPU models that come with the program. */
    public VirtualClusterConfig(
            List<NodeInventory> nodes, PolicySpec policy, @Nullable Sensing sensing, Checks checks) {
        this(nodes, GpuModels.builtIn(), policy, sensing, checks);
    }

    private static PoolSettings settings(PolicySpec policy) {
        PoolSettings live = PoolSettings.withPolicy(policy);
        return new PoolSettings(
                policy,
                live.manual(),
                live.nodeLossesMax(),
                live.retryBackoffMs(),
                Work.MAX_DURATION_MS,
                Work.MAX_DURATION_MS,
                live.finishedTasksKept());
    }
}
