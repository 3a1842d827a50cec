package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.simulator.model.Clocks;
import io.gpuctl.simulator.model.Cooling;
import io.gpuctl.simulator.model.GpuPhysics;
import io.gpuctl.simulator.model.MemoryTraits;
import io.gpuctl.simulator.model.PowerCurve;
import io.gpuctl.simulator.model.Wiring;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The figures of a GPU model, which are the defaults of a node's inventory.
 *
 * @param memory size, and the part that the driver reserves
 * @param powerWatts when idle, at the power limit, and at full load without a limit
 * @param island how the GPUs of a node are linked
 */
public record GpuModel(
        String name,
        Memory memory,
        PowerWatts powerWatts,
        Clocks clocks,
        Celsius celsius,
        Rise rise,
        Throughput throughput,
        Island island) {

    /**
     * Memory of one GPU.
     *
     * @param totalMib as NVML and nvidia-smi report it: with error correction on, less than the data sheet says
     * @param reservedMib the part that the driver reserves
     * @param idleRiseCelsius how much warmer than the heat sink the memory is when idle
     */
    public record Memory(long totalMib, long reservedMib, double idleRiseCelsius) {
        public Memory {
            GpuModel.require(totalMib > 0, "memory", totalMib + " MiB", "above 0");
            GpuModel.require(
                    reservedMib < totalMib,
                    "reserved_memory",
                    reservedMib + " MiB",
                    "below memory, " + totalMib + " MiB");
        }
    }

    /**
     * Power of one GPU.
     *
     * @param limit the power that the GPU does not exceed; it lowers its clock if needed
     * @param fullLoad power at boost clock and full load without the limit
     */
    public record PowerWatts(double idle, double limit, double fullLoad) {
        public PowerWatts {
            GpuModel.require(fullLoad >= idle, "full_load_power_watts", fullLoad, "at least idle_power_watts, " + idle);
            GpuModel.require(limit >= idle, "limit_power_watts", limit, "at least idle_power_watts, " + idle);
        }
    }

    /**
     * Temperatures of the die.
     *
     * @param maxOperating at which software starts to lower the clock
     * @param slowdown at which hardware halves the clock
     * @param shutdown at which the GPU turns itself off
     */
    public record Celsius(double maxOperating, double slowdown, double shutdown) {
        public Celsius {
            GpuModel.require(
                    slowdown > maxOperating,
                    "slowdown_celsius",
                    slowdown,
                    "above max_operating_celsius, " + maxOperating);
            GpuModel.require(shutdown > slowdown, "shutdown_celsius", shutdown, "above slowdown_celsius, " + slowdown);
        }
    }

    /** The temperature rise above the inlet at full load: in the die, and in the heat sink with full fans. */
    public record Rise(double dieCelsius, double sinkCelsius) {
        public Rise {
            GpuModel.require(dieCelsius >= 0, "die_rise_celsius", dieCelsius, "at least 0");
            GpuModel.require(sinkCelsius > 0, "sink_rise_celsius", sinkCelsius, "above 0");
        }
    }

    /**
     * The computing speed of one GPU.
     *
     * @param peaks dense, in tera-operations per second; without the precisions that the GPU does not support
     * @param memoryGbPerS memory bandwidth
     */
    public record Throughput(Map<Precision, Double> peaks, double memoryGbPerS) {
        /** Peak of an A100-SXM4-80GB in BF16. */
        private static final double REFERENCE_TFLOPS = 312;

        private static final double REFERENCE_GB_PER_S = 2039;
        private static final double REFERENCE_BYTES = 2;

        public Throughput {
            var sorted = new EnumMap<Precision, Double>(Precision.class);
            sorted.putAll(peaks);
            peaks = Collections.unmodifiableMap(sorted);
        }

        /** Returns whether half precision is more than twice as fast as single precision, which needs matrix units. */
        boolean hasTensorUnits() {
            double fp32 = peaks.getOrDefault(Precision.FP32, 0.0);
            return peaks.getOrDefault(Precision.FP16, 0.0) > 2.5 * fp32;
        }

        /** Returns the training speed relative to an A100-SXM4-80GB in BF16: arithmetic bounds training. */
        public Map<Precision, Double> relativeTraining() {
            var relative = new EnumMap<Precision, Double>(Precision.class);
            peaks.forEach((precision, peak) -> relative.put(precision, peak / REFERENCE_TFLOPS));
            return relative;
        }

        /** Returns the inference speed relative to an A100-SXM4-80GB in BF16: reading weights bounds inference. */
        public Map<Precision, Double> relativeInference() {
            var relative = new EnumMap<Precision, Double>(Precision.class);
            peaks.keySet()
                    .forEach(precision -> relative.put(
                            precision, memoryGbPerS / REFERENCE_GB_PER_S * REFERENCE_BYTES / precision.bytes()));
            return relative;
        }
    }

    /**
     * A group of GPUs that NVLink, or another vendor's equivalent, connects.
     *
     * @param gpus GPUs in the group; 1: no link
     * @param linkGbPerS from one GPU to the others, both directions together
     */
    public record Island(int gpus, double linkGbPerS) {}

    public GpuModel {
        requireReachable("limit_power_watts", powerWatts.limit(), powerWatts, clocks);
    }

    /**
     * Requires a power limit that the GPU can keep at full load with its lowest clock, as real cards do.
     *
     * @throws InvalidFieldException if the limit is too low
     */
    void requireReachable(String field, double limitWatts) {
        requireReachable(field, limitWatts, powerWatts, clocks);
    }

    private static void requireReachable(String field, double limitWatts, PowerWatts powerWatts, Clocks clocks) {
        double lowestWatts = Math.ceil(
                PowerCurve.typical(powerWatts.fullLoad()).wattsAtFullLoad(powerWatts.idle(), clocks.floorMilli()));
        require(
                limitWatts >= lowestWatts,
                field,
                limitWatts,
                "at least %.0f, the GPU's power at its lowest clock".formatted(lowestWatts));
    }

    /** Returns the memory that tasks may use, as in a node's inventory. */
    public long memoryMib() {
        return memory.totalMib() - memory.reservedMib();
    }

    /** See {@link Cooling#riseCelsius}. */
    double riseCelsiusAt(double watts) {
        return physics().cooling().riseCelsius(watts);
    }

    /** See {@link Cooling#fanDuty}. */
    public double fanDutyAt(double watts) {
        return physics().cooling().fanDuty(watts);
    }

    static void require(boolean holds, String field, Object value, String allowed) {
        if (!holds) {
            throw new InvalidFieldException(field, value, allowed);
        }
    }

    public GpuPhysics physics() {
        return new GpuPhysics(
                clocks,
                PowerCurve.typical(powerWatts.fullLoad()),
                Cooling.of(powerWatts.fullLoad(), rise.dieCelsius(), rise.sinkCelsius()),
                celsius.slowdown() - celsius.maxOperating(),
                celsius.shutdown() - celsius.slowdown(),
                new Wiring(
                        Wiring.PCIE_GB_PER_S, island.gpus() > 1 ? island.linkGbPerS() : 0, throughput.hasTensorUnits()),
                new MemoryTraits(memory.reservedMib(), memory.idleRiseCelsius()));
    }
}
