package io.gpuctl.events;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a node measured on all its GPUs at one moment. {@link DcgmField} says how each value is called in JSON, and what
 * DCGM calls it.
 *
 * @param gpus one entry per GPU, by index
 * @param shares what attempts do on GPUs that they share, by GPU and attempt; at most {@link #SHARES_MAX}. One that has a
 *     GPU for itself does what its GPU does
 */
public record NodeTelemetry(NodeId nodeId, PoolId pool, long atMs, List<Gpu> gpus, List<Share> shares)
        implements PoolRecord {
    /** Of more attempts on shared GPUs of one node it is not told what each does. */
    public static final int SHARES_MAX = 128;

    public NodeTelemetry {
        Check.present("node_id", nodeId);
        Check.present("pool", pool);
        gpus = List.copyOf(Check.maxSize("gpus", gpus, NodeInventory.MAX_GPUS));
        shares = List.copyOf(Check.maxSize("shares", shares, SHARES_MAX));
    }

    /** Of a node whose GPUs nobody shares. */
    public NodeTelemetry(NodeId nodeId, PoolId pool, long atMs, List<Gpu> gpus) {
        this(nodeId, pool, atMs, gpus, List.of());
    }

    /**
     * What an attempt does on a GPU that others may use too.
     *
     * @param utilization its part of the GPU's, 0 to 1
     * @param powerWatts its part of the GPU's power
     */
    public record Share(int gpu, AttemptId attempt, double utilization, double powerWatts) {
        public Share {
            Check.inRange("shares.gpu", gpu, 0, NodeInventory.MAX_GPUS - 1);
            Check.present("shares.attempt", attempt);
            Check.inRange("shares.utilization", utilization, 0, 1);
            Check.inRange("shares.power_watts", powerWatts, 0, 10_000);
        }
    }

    /** One GPU, as measured. */
    public record Gpu(
            Activity activity,
            Framebuffer framebuffer,
            Sensors sensors,
            Clocks clocks,
            Errors errors,
            Traffic traffic) {
        /** As measured before there was more; what heat slows down then counts as slowed down by software. */
        public Gpu(
                double utilization,
                long memoryUsedMib,
                double powerWatts,
                double temperatureCelsius,
                int smClockMhz,
                boolean throttled) {
            this(
                    new Activity(utilization, 0, 0, 0, 0),
                    new Framebuffer(memoryUsedMib, 0, 0),
                    new Sensors(powerWatts, temperatureCelsius, 0, 0),
                    new Clocks(smClockMhz, 0, throttled ? Clocks.SW_THERMAL_SLOWDOWN : 0, 0, 0),
                    Errors.NONE,
                    Traffic.NONE);
        }

        /** 0 to 1. */
        public double utilization() {
            return activity.utilization();
        }

        public long memoryUsedMib() {
            return framebuffer.usedMib();
        }

        public double powerWatts() {
            return sensors.powerWatts();
        }

        public double temperatureCelsius() {
            return sensors.gpuCelsius();
        }

        /** Clock of the multiprocessors. */
        public int smClockMhz() {
            return clocks.smMhz();
        }

        /** Whether heat has lowered the clock. */
        public boolean throttled() {
            return (clocks.eventReasons() & Clocks.THERMAL) != 0;
        }
    }

    /**
     * How busy its units are, each 0 to 1.
     *
     * @param utilization share of time in which anything runs
     * @param memoryCopy share of time in which its memory is read or written
     * @param sm share of time in which a multiprocessor has work, over all of them
     * @param tensor share of cycles in which the tensor units work
     * @param dram share of cycles in which its memory moves data
     */
    public record Activity(double utilization, double memoryCopy, double sm, double tensor, double dram) {
        public Activity {
            Check.inRange("utilization", utilization, 0, 1);
            Check.inRange("mem_copy_util", memoryCopy, 0, 1);
            Check.inRange("sm_active", sm, 0, 1);
            Check.inRange("pipe_tensor_active", tensor, 0, 1);
            Check.inRange("dram_active", dram, 0, 1);
        }
    }

    /** Its memory, MiB; what it has is the sum. */
    public record Framebuffer(long usedMib, long freeMib, long reservedMib) {
        private static final long MAX_MIB = 1L << 30;

        public Framebuffer {
            Check.inRange("memory_used_mib", usedMib, 0L, MAX_MIB);
            Check.inRange("fb_free", freeMib, 0L, MAX_MIB);
            Check.inRange("fb_reserved", reservedMib, 0L, MAX_MIB);
        }

        long totalMib() {
            return usedMib + freeMib + reservedMib;
        }
    }

    /**
     * Power and heat.
     *
     * @param energyMillijoules what it has drawn since its node started
     */
    public record Sensors(double powerWatts, double gpuCelsius, double memoryCelsius, long energyMillijoules) {
        public Sensors {
            Check.inRange("power_watts", powerWatts, 0, 10_000);
            Check.inRange("temperature_celsius", gpuCelsius, -100, 500);
            Check.inRange("memory_temp", memoryCelsius, -100, 500);
            Check.inRange("total_energy_consumption", energyMillijoules, 0L, Long.MAX_VALUE);
        }
    }

    /**
     * Its clocks, and what holds them down.
     *
     * @param eventReasons NVML's bits {@code nvmlClocksEventReason...}
     * @param thermalViolationNs for how long heat has, since its node started
     * @param powerViolationNs for how long its power limit has
     */
    public record Clocks(int smMhz, int memoryMhz, long eventReasons, long thermalViolationNs, long powerViolationNs) {
        public static final long GPU_IDLE = 0x1;
        public static final long SW_POWER_CAP = 0x4;
        public static final long HW_SLOWDOWN = 0x8;
        public static final long SW_THERMAL_SLOWDOWN = 0x20;
        public static final long HW_THERMAL_SLOWDOWN = 0x40;

        /** By bit, from the lowest on. */
        private static final List<String> NAMES = List.of(
                "gpu_idle",
                "applications_clocks_setting",
                "sw_power_cap",
                "hw_slowdown",
                "sync_boost",
                "sw_thermal_slowdown",
                "hw_thermal_slowdown",
                "hw_power_brake_slowdown",
                "display_clock_setting");

        static final long THERMAL = SW_THERMAL_SLOWDOWN | HW_THERMAL_SLOWDOWN;

        public Clocks {
            Check.inRange("sm_clock_mhz", smMhz, 0, 100_000);
            Check.inRange("mem_clock", memoryMhz, 0, 100_000);
            Check.inRange("clocks_event_reasons", eventReasons, 0L, (1L << 32) - 1);
            Check.inRange("thermal_violation", thermalViolationNs, 0L, Long.MAX_VALUE);
            Check.inRange("power_violation", powerViolationNs, 0L, Long.MAX_VALUE);
        }

        /** What NVML calls the reasons, in lower case. */
        public List<String> reasons() {
            return IntStream.range(0, NAMES.size())
                    .filter(bit -> (eventReasons >> bit & 1) != 0)
                    .mapToObj(NAMES::get)
                    .toList();
        }
    }

    /**
     * What has gone wrong since its node started.
     *
     * @param lastXid 0 if none
     * @param rowRemapFailure whether a broken row of its memory could not be replaced
     * @param uncorrectableRows rows of its memory that were replaced for errors that could not be corrected
     * @param correctableRows the same for errors that could
     * @param pcieReplays how often something was sent over its PCIe link again
     */
    public record Errors(
            int lastXid,
            long eccSingleBit,
            long eccDoubleBit,
            boolean rowRemapFailure,
            long uncorrectableRows,
            long correctableRows,
            long pcieReplays) {
        public static final Errors NONE = new Errors(0, 0, 0, false);

        /** With no row replaced, and nothing sent again. */
        public Errors(int lastXid, long eccSingleBit, long eccDoubleBit, boolean rowRemapFailure) {
            this(lastXid, eccSingleBit, eccDoubleBit, rowRemapFailure, 0, 0, 0);
        }

        public Errors {
            Check.inRange("xid_errors", lastXid, 0, 1_000_000);
            Check.inRange("ecc_sbe_vol_total", eccSingleBit, 0L, Long.MAX_VALUE);
            Check.inRange("ecc_dbe_vol_total", eccDoubleBit, 0L, Long.MAX_VALUE);
            Check.inRange("uncorrectable_remapped_rows", uncorrectableRows, 0L, Long.MAX_VALUE);
            Check.inRange("correctable_remapped_rows", correctableRows, 0L, Long.MAX_VALUE);
            Check.inRange("pcie_replay_counter", pcieReplays, 0L, Long.MAX_VALUE);
        }
    }

    /** What goes out of it (tx) and into it (rx), bytes a second. */
    public record Traffic(long pcieTx, long pcieRx, long nvlinkTx, long nvlinkRx) {
        public static final Traffic NONE = new Traffic(0, 0, 0, 0);

        public Traffic {
            Check.inRange("pcie_tx_bytes", pcieTx, 0L, Long.MAX_VALUE);
            Check.inRange("pcie_rx_bytes", pcieRx, 0L, Long.MAX_VALUE);
            Check.inRange("nvlink_tx_bytes", nvlinkTx, 0L, Long.MAX_VALUE);
            Check.inRange("nvlink_rx_bytes", nvlinkRx, 0L, Long.MAX_VALUE);
        }
    }
}
