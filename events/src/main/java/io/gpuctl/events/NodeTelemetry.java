package io.gpuctl.events;

import java.util.List;

/**
 * What a node measured on all its GPUs at one moment.
 *
 * @param gpus one entry per GPU, by index
 */
public record NodeTelemetry(NodeId nodeId, PoolId pool, long atMs, List<Gpu> gpus) implements PoolScoped {
    public NodeTelemetry {
        Check.present("node_id", nodeId);
        Check.present("pool", pool);
        gpus = List.copyOf(Check.maxSize("gpus", gpus, NodeInventory.MAX_GPUS));
    }

    /**
     * One GPU, as measured.
     *
     * @param utilization 0 to 1
     * @param memoryUsedMib used memory, MiB
     * @param smClockMhz clock of the multiprocessors
     * @param throttled whether heat has lowered the clock
     */
    public record Gpu(
            double utilization,
            long memoryUsedMib,
            double powerWatts,
            double temperatureCelsius,
            int smClockMhz,
            boolean throttled) {
        public Gpu {
            Check.inRange("utilization", utilization, 0, 1);
            Check.inRange("memory_used_mib", memoryUsedMib, 0L, 1L << 30);
            Check.inRange("power_watts", powerWatts, 0, 10_000);
            Check.inRange("temperature_celsius", temperatureCelsius, -100, 500);
            Check.inRange("sm_clock_mhz", smClockMhz, 0, 100_000);
        }
    }
}
