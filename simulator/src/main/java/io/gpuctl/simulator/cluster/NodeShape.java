package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The hardware of nodes as the operator wrote it. A null value was not given, and follows from the GPU model.
 *
 * <p>For a model that is not in {@link GpuModels}, the memory, powers and slowdown temperature are required.
 *
 * @param gpuModel null: {@link #DEFAULT_GPU_MODEL}
 * @param gpus in one node; null: {@link #DEFAULT_GPUS}
 * @param gpuMemoryMib of one GPU
 * @param cpuMilli null: {@link #DEFAULT_CPU_MILLI}
 * @param memoryMib null: {@link #DEFAULT_MEMORY_MIB}
 * @param gpuIdlePowerWatts of one GPU
 * @param gpuLimitPowerWatts of one GPU
 * @param ambientCelsius null: {@link #DEFAULT_AMBIENT_CELSIUS}
 */
public record NodeShape(
        @Nullable String gpuModel,
        @Nullable Integer gpus,
        @Nullable Long gpuMemoryMib,
        @Nullable Long cpuMilli,
        @Nullable Long memoryMib,
        @Nullable Double gpuIdlePowerWatts,
        @Nullable Double gpuLimitPowerWatts,
        @Nullable Double ambientCelsius,
        @Nullable Double slowdownCelsius) {
    public static final String DEFAULT_GPU_MODEL = "A100-SXM4-80GB";
    public static final int DEFAULT_GPUS = 8;
    public static final long DEFAULT_CPU_MILLI = 128_000;
    public static final long DEFAULT_MEMORY_MIB = 1_048_576;
    public static final double DEFAULT_AMBIENT_CELSIUS = 25;

    /** Slowdown temperature of a node without GPUs: a valid number that is never used. */
    private static final double UNUSED_SLOWDOWN_CELSIUS = 100;

    /** Returns a shape with GPUs of a known model and defaults for the rest. */
    public static NodeShape of(String gpuModel, int gpus) {
        return new NodeShape(gpuModel, gpus, null, null, null, null, null, null, null);
    }

    /** Returns the shape of a node without GPUs. */
    public static NodeShape withoutGpus(long cpuMilli, long memoryMib) {
        return new NodeShape(null, 0, null, cpuMilli, memoryMib, null, null, null, null);
    }

    /**
     * Returns a node of this shape.
     *
     * @param models the known GPU models
     * @throws InvalidFieldException if a value is not allowed, or is missing for an unknown GPU model
     */
    public NodeInventory node(GpuModels models, NodeId id, PoolId pool) {
        double ambient = orElse(ambientCelsius, DEFAULT_AMBIENT_CELSIUS);
        long cpu = orElse(cpuMilli, DEFAULT_CPU_MILLI);
        long memory = orElse(memoryMib, DEFAULT_MEMORY_MIB);
        int gpuCount = orElse(gpus, DEFAULT_GPUS);
        if (gpuCount == 0) {
            return new NodeInventory(
                    id, pool, "", 0, 0, cpu, memory, 0, 0, ambient, Math.max(ambient, UNUSED_SLOWDOWN_CELSIUS));
        }
        String model = orElse(gpuModel, DEFAULT_GPU_MODEL);
        Optional<GpuModel> known = models.named(model);
        double limitWatts =
                orElse(gpuLimitPowerWatts, known.map(found -> found.powerWatts().limit()), models, model);
        known.ifPresent(found -> found.requireReachable("gpu_limit_power_watts", limitWatts));
        return new NodeInventory(
                id,
                pool,
                known.map(GpuModel::name).orElse(model),
                gpuCount,
                orElse(gpuMemoryMib, known.map(GpuModel::memoryMib), models, model),
                cpu,
                memory,
                orElse(gpuIdlePowerWatts, known.map(found -> found.powerWatts().idle()), models, model),
                limitWatts,
                ambient,
                orElse(slowdownCelsius, known.map(found -> found.celsius().maxOperating()), models, model),
                "",
                known.map(found -> found.riseCelsiusAt(limitWatts)).orElse(0.0));
    }

    private static <T> T orElse(@Nullable T value, T fallback) {
        return value == null ? fallback : value;
    }

    private static <T> T orElse(@Nullable T value, Optional<T> ofKnownModel, GpuModels models, String model) {
        if (value != null) {
            return value;
        }
        return ofKnownModel.orElseThrow(() -> new InvalidFieldException(
                "gpu_model",
                "'" + model + "'",
                "one of " + String.join(", ", models.names())
                        + "; or give the memory, idle and limit power and slowdown temperature of its GPUs"));
    }
}
