package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The hardware of a node. All GPUs of a node are alike.
 *
 * @param gpuModel name of the GPU model, empty for a node without GPUs
 * @param gpuMemoryMib memory of one GPU that tasks may use, MiB, without the driver's own memory
 * @param gpuIdlePowerWatts power of one idle GPU
 * @param gpuLimitPowerWatts power of one GPU at full load
 * @param ambientCelsius temperature of the air at the inlet
 * @param slowdownCelsius temperature above which a GPU lowers its clock
 * @param rack the rack of the node; nodes of the same pool in it warm the air at the inlet. Empty if the node stands
 *     alone
 * @param gpuRiseCelsius how much warmer a GPU at its power limit is than the air at the inlet; 0 if not known
 * @param gpuHardware what the driver reports about the GPUs; null if the node does not say, see {@link #hardware}
 */
public record NodeInventory(
        NodeId nodeId,
        PoolId pool,
        String gpuModel,
        int gpuCount,
        long gpuMemoryMib,
        long cpuMilli,
        long memoryMib,
        double gpuIdlePowerWatts,
        double gpuLimitPowerWatts,
        double ambientCelsius,
        double slowdownCelsius,
        // Nodes that stand alone omit this field.
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String rack,
        // Nodes that do not know it omit this field.
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) double gpuRiseCelsius,
        // Nodes that do not say omit this field.
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable GpuHardware gpuHardware)
        implements PoolScoped {
    /** The maximum number of GPUs of a node; a larger number is refused as a mistake. */
    public static final int MAX_GPUS = 64;

    /**
     * The maximum number of attempts on a node at once, even if they need few resources: every heartbeat lists all of
     * them.
     */
    public static final int MAX_ATTEMPTS = 4096;

    /** The maximum length of a GPU model's name, in characters. */
    public static final int GPU_MODEL_LENGTH_MAX = 64;

    @SuppressWarnings("NullAway") // Jackson passes null for an absent field
    public NodeInventory {
        Check.present("node_id", nodeId);
        Check.present("pool", pool);
        Check.maxLength("gpu_model", gpuModel, GPU_MODEL_LENGTH_MAX);
        Check.inRange("gpu_count", gpuCount, 0, MAX_GPUS);
        Check.inRange("gpu_memory_mib", gpuMemoryMib, 0L, 1L << 30);
        Check.inRange("cpu_milli", cpuMilli, 0L, 100_000_000L);
        Check.inRange("memory_mib", memoryMib, 0L, 1L << 40);
        Check.inRange("gpu_idle_power_watts", gpuIdlePowerWatts, 0, 10_000);
        Check.inRange("gpu_limit_power_watts", gpuLimitPowerWatts, gpuIdlePowerWatts, 10_000);
        Check.inRange("ambient_celsius", ambientCelsius, -50, 100);
        Check.inRange("slowdown_celsius", slowdownCelsius, ambientCelsius, 200);
        rack = rack == null ? "" : Check.maxLength("rack", rack, 64);
        Check.inRange("gpu_rise_celsius", gpuRiseCelsius, 0, 200);
        if (gpuHardware != null && gpuHardware.uuids().size() != gpuCount) {
            throw new InvalidFieldException(
                    "gpu_hardware.uuids", gpuHardware.uuids().size() + " entries long", gpuCount + ", as gpu_count");
        }
    }

    /** A node that does not report its GPU hardware. */
    public NodeInventory(
            NodeId nodeId,
            PoolId pool,
            String gpuModel,
            int gpuCount,
            long gpuMemoryMib,
            long cpuMilli,
            long memoryMib,
            double gpuIdlePowerWatts,
            double gpuLimitPowerWatts,
            double ambientCelsius,
            double slowdownCelsius,
            String rack,
            double gpuRiseCelsius) {
        this(
                nodeId,
                pool,
                gpuModel,
                gpuCount,
                gpuMemoryMib,
                cpuMilli,
                memoryMib,
                gpuIdlePowerWatts,
                gpuLimitPowerWatts,
                ambientCelsius,
                slowdownCelsius,
                rack,
                gpuRiseCelsius,
                null);
    }

    /** A node that stands alone and does not say how warm its GPUs get. */
    public NodeInventory(
            NodeId nodeId,
            PoolId pool,
            String gpuModel,
            int gpuCount,
            long gpuMemoryMib,
            long cpuMilli,
            long memoryMib,
            double gpuIdlePowerWatts,
            double gpuLimitPowerWatts,
            double ambientCelsius,
            double slowdownCelsius) {
        this(
                nodeId,
                pool,
                gpuModel,
                gpuCount,
                gpuMemoryMib,
                cpuMilli,
                memoryMib,
                gpuIdlePowerWatts,
                gpuLimitPowerWatts,
                ambientCelsius,
                slowdownCelsius,
                "",
                0);
    }

    /** Returns what the driver reports about the GPUs, or simulated data if the node does not say. */
    public GpuHardware hardware() {
        return gpuHardware == null ? GpuHardware.simulated(nodeId, gpuCount) : gpuHardware;
    }

    /** Returns a copy in another rack under another id, without GPU hardware: the new node has to report its own. */
    public NodeInventory in(String newRack, NodeId newId) {
        return with(newRack, newId, null);
    }

    /** Returns a copy with this GPU hardware. */
    public NodeInventory with(GpuHardware newHardware) {
        return with(rack, nodeId, newHardware);
    }

    private NodeInventory with(String newRack, NodeId newId, @Nullable GpuHardware newHardware) {
        return new NodeInventory(
                newId,
                pool,
                gpuModel,
                gpuCount,
                gpuMemoryMib,
                cpuMilli,
                memoryMib,
                gpuIdlePowerWatts,
                gpuLimitPowerWatts,
                ambientCelsius,
                slowdownCelsius,
                newRack,
                gpuRiseCelsius,
                newHardware);
    }
}
