package io.gpuctl.events;

import io.gpuctl.events.NodeTelemetry.Gpu;
import io.gpuctl.events.metrics.Metric.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values of a GPU that DCGM has names for. Measured values are in {@link NodeTelemetry}. Their names in JSON are
 * the names of DCGM and dcgm-exporter, without {@code DCGM_FI_DEV_} or {@code DCGM_FI_PROF_}, in lower case. Their
 * units are DCGM's, and their order is the order in JSON. The other values are derived from measured values or from the
 * node's inventory, and are only served.
 *
 * <p>Types and help texts are dcgm-exporter's where it has the field. DCGM gives utilisation in whole percent and
 * temperatures in whole degrees; here they have two decimals, since many small tasks may share a GPU, and are rounded
 * when they are served under DCGM's names. The bytes of a link are a rate, here as in DCGM.
 */
public enum DcgmField {
    GPU_UTIL(
            "DCGM_FI_DEV_GPU_UTIL",
            Kind.GAUGE,
            "GPU utilization (in %).",
            "%",
            2,
            gpu -> 100 * gpu.activity().utilization()),
    MEM_COPY_UTIL(
            "DCGM_FI_DEV_MEM_COPY_UTIL",
            Kind.GAUGE,
            "Memory utilization (in %).",
            "%",
            2,
            gpu -> 100 * gpu.activity().memoryCopy()),
    /** Nothing encodes video on simulated GPUs. */
    ENC_UTIL("DCGM_FI_DEV_ENC_UTIL", "Encoder utilization (in %).", "%", 0, (_, _) -> 0),
    DEC_UTIL("DCGM_FI_DEV_DEC_UTIL", "Decoder utilization (in %).", "%", 0, (_, _) -> 0),
    /** The simulated engine only computes. */
    GR_ENGINE_ACTIVE(
            "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
            "Ratio of time the graphics engine is active.",
            "ratio",
            4,
            (gpu, _) -> gpu.activity().utilization()),
    SM_ACTIVE(
            "DCGM_FI_PROF_SM_ACTIVE",
            Kind.GAUGE,
            "The ratio of cycles an SM has at least 1 warp assigned.",
            "ratio",
            4,
            gpu -> gpu.activity().sm()),
    PIPE_TENSOR_ACTIVE(
            "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
            Kind.GAUGE,
            "Ratio of cycles the tensor (HMMA) pipe is active.",
            "ratio",
            4,
            gpu -> gpu.activity().tensor()),
    DRAM_ACTIVE(
            "DCGM_FI_PROF_DRAM_ACTIVE",
            Kind.GAUGE,
            "Ratio of cycles the device memory interface is active sending or receiving data.",
            "ratio",
            4,
            gpu -> gpu.activity().dram()),
    FB_USED(
            "DCGM_FI_DEV_FB_USED",
            Kind.GAUGE,
            "Framebuffer memory used (in MiB).",
            "MiB",
            0,
            gpu -> gpu.framebuffer().usedMib()),
    FB_FREE(
            "DCGM_FI_DEV_FB_FREE",
            Kind.GAUGE,
            "Framebuffer memory free (in MiB).",
            "MiB",
            0,
            gpu -> gpu.framebuffer().freeMib()),
    FB_RESERVED(
            "DCGM_FI_DEV_FB_RESERVED",
            Kind.GAUGE,
            "Framebuffer memory reserved (in MiB).",
            "MiB",
            0,
            gpu -> gpu.framebuffer().reservedMib()),
    FB_TOTAL(
            "DCGM_FI_DEV_FB_TOTAL",
            "Total framebuffer memory (in MiB).",
            "MiB",
            0,
            (gpu, _) -> gpu.framebuffer().totalMib()),
    POWER_USAGE(
            "DCGM_FI_DEV_POWER_USAGE",
            Kind.GAUGE,
            "Power draw (in W).",
            "W",
            3,
            gpu -> gpu.sensors().powerWatts()),
    POWER_MGMT_LIMIT(
            "DCGM_FI_DEV_POWER_MGMT_LIMIT",
            "Power limit in force (in W).",
            "W",
            3,
            (_, node) -> known(node.gpuLimitPowerWatts())),
    POWER_MGMT_LIMIT_MAX(
            "DCGM_FI_DEV_POWER_MGMT_LIMIT_MAX",
            "Highest power limit that can be set (in W).",
            "W",
            3,
            (_, node) -> said(node, GpuHardware::maxPowerWatts)),
    GPU_TEMP(
            "DCGM_FI_DEV_GPU_TEMP",
            Kind.GAUGE,
            "GPU temperature (in C).",
            "C",
            2,
            gpu -> gpu.sensors().gpuCelsius()),
    MEMORY_TEMP(
            "DCGM_FI_DEV_MEMORY_TEMP",
            Kind.GAUGE,
            "Memory temperature (in C).",
            "C",
            2,
            gpu -> gpu.sensors().memoryCelsius()),
    TOTAL_ENERGY_CONSUMPTION(
            "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
            Kind.COUNTER,
            "Total energy consumption since boot (in mJ).",
            "mJ",
            0,
            gpu -> gpu.sensors().energyMillijoules()),
    SM_CLOCK(
            "DCGM_FI_DEV_SM_CLOCK",
            Kind.GAUGE,
            "SM clock frequency (in MHz).",
            "MHz",
            0,
            gpu -> gpu.clocks().smMhz()),
    MEM_CLOCK(
            "DCGM_FI_DEV_MEM_CLOCK",
            Kind.GAUGE,
            "Memory clock frequency (in MHz).",
            "MHz",
            0,
            gpu -> gpu.clocks().memoryMhz()),
    MAX_SM_CLOCK(
            "DCGM_FI_DEV_MAX_SM_CLOCK",
            "Highest SM clock frequency (in MHz).",
            "MHz",
            0,
            (_, node) -> said(node, GpuHardware::maxSmClockMhz)),
    MAX_MEM_CLOCK(
            "DCGM_FI_DEV_MAX_MEM_CLOCK",
            "Highest memory clock frequency (in MHz).",
            "MHz",
            0,
            (_, node) -> said(node, GpuHardware::maxMemoryClockMhz)),
    /** Older DCGM calls it {@code DCGM_FI_DEV_CLOCK_THROTTLE_REASONS}. */
    CLOCKS_EVENT_REASONS(
            "DCGM_FI_DEV_CLOCKS_EVENT_REASONS",
            Kind.GAUGE,
            "Reasons why the clock is below its maximum (NVML's bits).",
            "NVML's bits",
            0,
            gpu -> gpu.clocks().eventReasons()),
    THERMAL_VIOLATION(
            "DCGM_FI_DEV_THERMAL_VIOLATION",
            Kind.COUNTER,
            "Throttling duration due to thermal constraints (in ns).",
            "ns",
            0,
            gpu -> gpu.clocks().thermalViolationNs()),
    POWER_VIOLATION(
            "DCGM_FI_DEV_POWER_VIOLATION",
            Kind.COUNTER,
            "Throttling duration due to power constraints (in ns).",
            "ns",
            0,
            gpu -> gpu.clocks().powerViolationNs()),
    XID_ERRORS(
            "DCGM_FI_DEV_XID_ERRORS",
            Kind.GAUGE,
            "Value of the last XID error encountered.",
            "number of the last",
            0,
            gpu -> gpu.errors().lastXid()),
    ECC_SBE_VOL_TOTAL(
            "DCGM_FI_DEV_ECC_SBE_VOL_TOTAL",
            Kind.COUNTER,
            "Total number of single-bit volatile ECC errors.",
            "errors",
            0,
            gpu -> gpu.errors().eccSingleBit()),
    ECC_DBE_VOL_TOTAL(
            "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL",
            Kind.COUNTER,
            "Total number of double-bit volatile ECC errors.",
            "errors",
            0,
            gpu -> gpu.errors().eccDoubleBit()),
    ROW_REMAP_FAILURE(
            "DCGM_FI_DEV_ROW_REMAP_FAILURE",
            Kind.GAUGE,
            "Whether remapping of rows has failed",
            "0 or 1",
            0,
            gpu -> gpu.errors().rowRemapFailure() ? 1 : 0),
    UNCORRECTABLE_REMAPPED_ROWS(
            "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS",
            Kind.COUNTER,
            "Number of remapped rows for uncorrectable errors",
            "rows",
            0,
            gpu -> gpu.errors().uncorrectableRows()),
    CORRECTABLE_REMAPPED_ROWS(
            "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS",
            Kind.COUNTER,
            "Number of remapped rows for correctable errors",
            "rows",
            0,
            gpu -> gpu.errors().correctableRows()),
    PCIE_REPLAY_COUNTER(
            "DCGM_FI_DEV_PCIE_REPLAY_COUNTER",
            Kind.COUNTER,
            "Total number of PCIe retries.",
            "retries",
            0,
            gpu -> gpu.errors().pcieReplays()),
    PCIE_TX_BYTES(
            "DCGM_FI_PROF_PCIE_TX_BYTES",
            Kind.GAUGE,
            "The rate of data transmitted over the PCIe bus - including both protocol headers and data payloads - in bytes"
                    + " per second.",
            "bytes/s",
            0,
            gpu -> gpu.traffic().pcieTx()),
    PCIE_RX_BYTES(
            "DCGM_FI_PROF_PCIE_RX_BYTES",
            Kind.GAUGE,
            "The rate of data received over the PCIe bus - including both protocol headers and data payloads - in bytes"
                    + " per second.",
            "bytes/s",
            0,
            gpu -> gpu.traffic().pcieRx()),
    NVLINK_TX_BYTES(
            "DCGM_FI_PROF_NVLINK_TX_BYTES",
            Kind.GAUGE,
            "The rate of data transmitted over NVLink in bytes per second.",
            "bytes/s",
            0,
            gpu -> gpu.traffic().nvlinkTx()),
    NVLINK_RX_BYTES(
            "DCGM_FI_PROF_NVLINK_RX_BYTES",
            Kind.GAUGE,
            "The rate of data received over NVLink in bytes per second.",
            "bytes/s",
            0,
            gpu -> gpu.traffic().nvlinkRx()),
    /**
     * Megabytes a second over all links and both directions. DCGM gives this rate although dcgm-exporter calls it a
     * counter: do not take the rate of it.
     */
    NVLINK_BANDWIDTH_TOTAL(
            "DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL",
            Kind.COUNTER,
            "Total number of NVLink bandwidth counters for all lanes.",
            "MB/s",
            0,
            null,
            (gpu, _) -> (gpu.traffic().nvlinkTx() + gpu.traffic().nvlinkRx()) / 1e6),
    /** Simulated nodes have no virtual GPUs. */
    VGPU_LICENSE_STATUS("DCGM_FI_DEV_VGPU_LICENSE_STATUS", "vGPU License status", "0 or 1", 0, (_, _) -> 0);

    /** The measured values, in their order in JSON. */
    public static final List<DcgmField> MEASURED =
            Stream.of(values()).filter(DcgmField::isMeasured).toList();

    private final String dcgmId;
    private final Kind kind;
    private final String help;
    private final String unit;
    private final int decimals;
    private final double steps;

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    private final @Nullable ToDoubleFunction<Gpu> measured;

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    private final ToDoubleBiFunction<Gpu, NodeInventory> served;

    DcgmField(String dcgmId, Kind kind, String help, String unit, int decimals, ToDoubleFunction<Gpu> measured) {
        this(dcgmId, kind, help, unit, decimals, measured, (gpu, _) -> measured.applyAsDouble(gpu));
    }

    /** A gauge that is not measured. */
    DcgmField(String dcgmId, String help, String unit, int decimals, ToDoubleBiFunction<Gpu, NodeInventory> served) {
        this(dcgmId, Kind.GAUGE, help, unit, decimals, null, served);
    }

    DcgmField(
            String dcgmId,
            Kind kind,
            String help,
            String unit,
            int decimals,
            @Nullable ToDoubleFunction<Gpu> measured,
            ToDoubleBiFunction<Gpu, NodeInventory> served) {
        this.dcgmId = dcgmId;
        this.kind = kind;
        this.help = help;
        this.unit = unit;
        this.decimals = decimals;
        steps = Math.pow(10, decimals);
        this.measured = measured;
        this.served = served;
    }

    private static double said(NodeInventory node, ToDoubleFunction<GpuHardware> value) {
        return node.gpuHardware() == null ? Double.NaN : known(value.applyAsDouble(node.gpuHardware()));
    }

    private static double known(double value) {
        return value > 0 ? value : Double.NaN;
    }

    /** Returns all measured values of a GPU by their names in JSON. */
    public static SequencedMap<String, Number> all(Gpu gpu) {
        SequencedMap<String, Number> all = new LinkedHashMap<>();
        for (DcgmField field : MEASURED) {
            double value = field.of(gpu);
            if (value == (long) value) {
                all.put(field.jsonName(), (long) value);
            } else {
                all.put(field.jsonName(), value);
            }
        }
        return all;
    }

    /** Returns the name in DCGM's {@code dcgm_fields.h}, under which dcgm-exporter serves the value. */
    public String dcgmId() {
        return dcgmId;
    }

    /** Returns the type of the metric for Prometheus. */
    public Kind kind() {
        return kind;
    }

    /** Returns the help text for Prometheus. */
    public String help() {
        return help;
    }

    public String unit() {
        return unit;
    }

    /** Returns whether {@link NodeTelemetry} has the value. */
    public boolean isMeasured() {
        return measured != null;
    }

    /** Returns the name in JSON. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the measured value in DCGM's unit, rounded to as many decimals as are worth sending.
     *
     * @throws IllegalStateException if the value is not measured
     */
    public double of(Gpu gpu) {
        if (measured == null) {
            throw new IllegalStateException(dcgmId + " is not measured");
        }
        double exact = measured.applyAsDouble(gpu);
        return steps == 1 ? exact : Math.round(exact * steps) / steps;
    }

    /** Returns the value of a GPU of this node in DCGM's unit; NaN if the value is unknown. */
    public double served(Gpu gpu, NodeInventory node) {
        return served.applyAsDouble(gpu, node);
    }

    /** Returns how many decimals are served. DCGM serves all values except ratios and watts as whole numbers. */
    public int servedDecimals() {
        return unit.equals("ratio") || unit.equals("W") ? decimals : 0;
    }
}
