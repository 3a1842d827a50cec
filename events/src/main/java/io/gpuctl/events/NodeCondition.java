package io.gpuctl.events;

import java.util.List;

/**
 * The smoothed state of a node's GPUs, written when the state has changed enough to matter to a scheduler.
 *
 * @param atMs time of the newest sample that the state includes
 * @param gpus one entry per GPU, by index
 */
public record NodeCondition(NodeId nodeId, PoolId pool, long atMs, List<Gpu> gpus) implements PoolInput {
    public NodeCondition {
        Check.present("node_id", nodeId);
        Check.present("pool", pool);
        gpus = List.copyOf(Check.maxSize("gpus", gpus, NodeInventory.MAX_GPUS));
    }

    @Override
    public String key() {
        return nodeId.value();
    }

    /**
     * One GPU, smoothed.
     *
     * @param utilization 0 to 1
     * @param memoryUsedMib used memory, MiB
     */
    public record Gpu(double temperatureCelsius, double utilization, double powerWatts, long memoryUsedMib) {
        public Gpu {
            Check.inRange("temperature_celsius", temperatureCelsius, -100, 500);
            Check.inRange("utilization", utilization, 0, 1);
            Check.inRange("power_watts", powerWatts, 0, 10_000);
            Check.inRange("memory_used_mib", memoryUsedMib, 0L, 1L << 30);
        }
    }
}
