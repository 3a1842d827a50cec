package io.gpuctl.events;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The measurements of all GPUs of a node at one moment. {@link DcgmField} has the name of each value in JSON and in
 * DCGM.
 *
 * @param gpus one entry per GPU, by index
 * @param shares the load of attempts on shared GPUs, by GPU and attempt; at most {@link #SHARES_MAX}. The load of an
 *     attempt with a GPU of its own is the load of the GPU
 * @param intervalMs wall time until the node's next record, ms, from {@link #INTERVAL_MS} to {@link #INTERVAL_MS_MAX}
 */
public record NodeTelemetry(NodeId nodeId, PoolId pool, long atMs, List<Gpu> gpus, List<Share> shares, long intervalMs)
        implements PoolRecord {
    /** The maximum number of shares in one record. The record omits further attempts on shared GPUs. */
    public static final int SHARES_MAX = 128;

    /** The usual interval. */
    public static final long INTERVAL_MS = 1_000;

    public static final long INTERVAL_MS_MAX = 60_000;

    /** How many records may be missing until the newest one is outdated. */
    private static final int MISSING_MAX = 2;

    /** A node that sends no heartbeat for as long is suspect. */
    private static final Duration CURRENT_MIN = Duration.ofSeconds(5);

    public NodeTelemetry {
        Check.present("node_id", nodeId);
        Check.present("pool", pool);
        gpus = List.copyOf(Check.maxSize("gpus", gpus, NodeInventory.MAX_GPUS));
        shares = List.copyOf(Check.maxSize("shares", shares, SHARES_MAX));
        Check.inRange("interval_ms", intervalMs, INTERVAL_MS, INTERVAL_MS_MAX);
    }

    /** Telemetry at the usual interval. */
    public NodeTelemetry(NodeId nodeId, PoolId pool, long atMs, List<Gpu> gpus, List<Share> shares) {
        this(nodeId, pool, atMs, gpus, shares, INTERVAL_MS);
    }

    /** Telemetry of a node without shared GPUs. */
    public NodeTelemetry(NodeId nodeId, PoolId pool, long atMs, List<Gpu> gpus) {
        this(nodeId, pool, atMs, gpus, List.of());
    }

    /** Returns the same measurements of a node that sends at another interval, ms of wall time. */
    public NodeTelemetry every(long newIntervalMs) {
        return newIntervalMs == intervalMs ? this : new NodeTelemetry(nodeId, pool, atMs, gpus, shares, newIntervalMs);
    }

    /** Returns the wall time after which the measurements are outdated, because the next ones should have come. */
    public Duration currentFor() {
        Duration limit = Duration.ofMillis((MISSING_MAX + 1) * intervalMs);
        return limit.compareTo(CURRENT_MIN) > 0 ? limit : CURRENT_MIN;
    }

    /**
     * The load of one attempt on a GPU that other attempts may use too.
     *
     * @param utilization the attempt's part of the GPU's utilization, 0 to 1
     * @param powerWatts the attempt's part of the GPU's power
     */
    public record Share(int gpu, AttemptId attempt, double utilization, double powerWatts) {
        public Share {
            Check.inRange("shares.gpu", gpu, 0, NodeInventory.MAX_GPUS - 1);
            Check.present("shares.attempt", attempt);
            Check.inRange("shares.utilization", utilization, 0, 1);
            Check.inRange("shares.power_watts", powerWatts, 0, 10_000);
        }
    }

    /** The measurements of one GPU. */
    public record Gpu(
            Activity activity,
            Framebuffer framebuffer,
            Sensors sensors,
            Clocks clocks,
            Errors errors,
            Traffic traffic) {
        /** A GPU with only the values of the earliest records. Throttling counts as a thermal slowdown by software. */
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

        /** Returns the utilization, 0 to 1. */
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

        /** Returns the clock of the multiprocessors. */
        public int smClockMhz() {
            return clocks.smMhz();
        }

        /** Returns whether heat has lowered the clock. */
        public boolean throttled() {
            return (clocks.eventReasons() & Clocks.THERMAL) != 0;
        }
    }

    /**
     * The activity of a GPU's units, each value from 0 to 1.
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

    /** The memory of a GPU, MiB. The total memory is the sum. */
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
     * @param energyMillijoules energy that the GPU has drawn since its node started
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
     * The clocks of a GPU, and what lowers them.
     *
     * @param eventReasons NVML's bits {@code nvmlClocksEventReason...}
     * @param thermalViolationNs how long heat has lowered the clock since the node started, ns
     * @param powerViolationNs how long the power limit has lowered the clock since the node started, ns
     */
    public record Clocks(int smMhz, int memoryMhz, long eventReasons, long thermalViolationNs, long powerViolationNs) {
        public static final long GPU_IDLE = 0x1;
        public static final long SW_POWER_CAP = 0x4;
        public static final long HW_SLOWDOWN = 0x8;
        public static final long SW_THERMAL_SLOWDOWN = 0x20;
        public static final long HW_THERMAL_SLOWDOWN = 0x40;

        /** Names by bit, from the lowest bit on. */
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

        /** Returns NVML's names of the reasons, in lower case. */
        public List<String> reasons() {
            return IntStream.range(0, NAMES.size())
                    .filter(bit -> (eventReasons >> bit & 1) != 0)
                    .mapToObj(NAMES::get)
                    .toList();
        }
    }

    /**
     * The errors of a GPU since its node started.
     *
     * @param lastXid number of the last XID; 0 if there was none
     * @param rowRemapFailure whether a broken row of its memory could not be replaced
     * @param uncorrectableRows rows of its memory that were replaced for errors that could not be corrected
     * @param correctableRows rows of its memory that were replaced for errors that could be corrected
     * @param pcieReplays how often data was sent again over its PCIe link
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

        /** Errors without replaced rows and PCIe replays. */
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

    /** The traffic out of a GPU (tx) and into it (rx), bytes a second. */
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
