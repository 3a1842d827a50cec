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
 * What is known of a GPU model; the defaults of a node's inventory.
 *
 * @param memory its size, and what the driver keeps of it
 * @param powerWatts when idle, at most, and if nothing held it down
 * @param island how GPUs of a node are linked
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
     * @param totalMib as NVML and nvidia-smi call it: with error correction on, less than data sheets say
     * @param reservedMib what the driver keeps of it
     * @param idleRiseCelsius how much warmer than the heat sink it is when nothing uses it
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
     * @param limit that it keeps within, if need be by a lower clock
     * @param fullLoad what it would draw at boost clock and full load
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
     * @param maxOperating where software starts to lower the clock
     * @param slowdown where hardware halves it
     * @param shutdown where the GPU turns itself off
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

    /** How much warmer than its inlet it gets at full load: in the die, and in the heat sink with full fans. */
    public record Rise(double dieCelsius, double sinkCelsius) {
        public Rise {
            GpuModel.require(dieCelsius >= 0, "die_rise_celsius", dieCelsius, "at least 0");
            GpuModel.require(sinkCelsius > 0, "sink_rise_celsius", sinkCelsius, "above 0");
        }
    }

    /**
     * What it can compute.
     *
     * @param peaks dense, in tera-operations a second; a precision that it has no unit for is not there
     * @param memoryGbPerS bandwidth of its memory
     */
    public record Throughput(Map<Precision, Double> peaks, double memoryGbPerS) {
        /** Of an A100-SXM4-80GB, in BF16. */
        private static final double REFERENCE_TFLOPS = 312;

        private static final double REFERENCE_GB_PER_S = 2039;
        private static final double REFERENCE_BYTES = 2;

        public Throughput {
            var sorted = new EnumMap<Precision, Double>(Precision.class);
            sorted.putAll(peaks);
            peaks = Collections.unmodifiableMap(sorted);
        }

        /** Whether half precision is more than twice as fast as single: that takes units for matrices. */
        boolean hasTensorUnits() {
            double fp32 = peaks.getOrDefault(Precision.FP32, 0.0);
            return peaks.getOrDefault(Precision.FP16, 0.0) > 2.5 * fp32;
        }

        /** Training is bound by arithmetic: the peak over that of an A100-SXM4-80GB in BF16. */
        public Map<Precision, Double> relativeTraining() {
            var relative = new EnumMap<Precision, Double>(Precision.class);
            peaks.forEach((precision, peak) -> relative.put(precision, peak / REFERENCE_TFLOPS));
            return relative;
        }

        /** Generating tokens is bound by reading weights: those read a second over those of an A100-SXM4-80GB in BF16. */
        public Map<Precision, Double> relativeInference() {
            var relative = new EnumMap<Precision, Double>(Precision.class);
            peaks.keySet()
                    .forEach(precision -> relative.put(
                            precision, memoryGbPerS / REFERENCE_GB_PER_S * REFERENCE_BYTES / precision.bytes()));
            return relative;
        }
    }

    /**
     * GPUs that reach one another by NVLink, or what a vendor has in its place.
     *
     * @param gpus how many; 1: none
     * @param linkGbPerS from one to the others, both directions together
     */
    public record Island(int gpus, double linkGbPerS) {}

    public GpuModel {
        requireReachable("limit_power_watts", powerWatts.limit(), powerWatts, clocks);
    }

    /**
     * A limit that full load exceeds even at the lowest clock would not be kept: real cards refuse it too.
     *
     * @throws InvalidFieldException if this limit is one
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
                "at least %.0f, what it draws at its lowest clock".formatted(lowestWatts));
    }

    /** What tasks may have of its memory: a node's inventory says the same. */
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
