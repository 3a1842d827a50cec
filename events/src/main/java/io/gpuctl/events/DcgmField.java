package io.gpuctl.events;

import io.gpuctl.events.NodeTelemetry.Gpu;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/**
 * The values of {@link NodeTelemetry}: in JSON each is called as DCGM and dcgm-exporter call it, without
 * {@code DCGM_FI_DEV_} or {@code DCGM_FI_PROF_}, in lower case, and has DCGM's unit. The order is that of the JSON.
 *
 * <p>DCGM gives utilisation in whole percent; here it has two decimals, since many small tasks may share a GPU. What DCGM
 * calls bytes of a link is, there and here, a rate.
 */
public enum DcgmField {
    GPU_UTIL("DCGM_FI_DEV_GPU_UTIL", "%", 2, gpu -> 100 * gpu.activity().utilization()),
    MEM_COPY_UTIL(
            "DCGM_FI_DEV_MEM_COPY_UTIL", "%", 2, gpu -> 100 * gpu.activity().memoryCopy()),
    SM_ACTIVE("DCGM_FI_PROF_SM_ACTIVE", "ratio", 4, gpu -> gpu.activity().sm()),
    PIPE_TENSOR_ACTIVE(
            "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "ratio", 4, gpu -> gpu.activity().tensor()),
    DRAM_ACTIVE("DCGM_FI_PROF_DRAM_ACTIVE", "ratio", 4, gpu -> gpu.activity().dram()),
    FB_USED("DCGM_FI_DEV_FB_USED", "MiB", 0, gpu -> gpu.framebuffer().usedMib()),
    FB_FREE("DCGM_FI_DEV_FB_FREE", "MiB", 0, gpu -> gpu.framebuffer().freeMib()),
    FB_RESERVED("DCGM_FI_DEV_FB_RESERVED", "MiB", 0, gpu -> gpu.framebuffer().reservedMib()),
    POWER_USAGE("DCGM_FI_DEV_POWER_USAGE", "W", 3, gpu -> gpu.sensors().powerWatts()),
    GPU_TEMP("DCGM_FI_DEV_GPU_TEMP", "C", 2, gpu -> gpu.sensors().gpuCelsius()),
    MEMORY_TEMP("DCGM_FI_DEV_MEMORY_TEMP", "C", 2, gpu -> gpu.sensors().memoryCelsius()),
    /** A counter. */
    TOTAL_ENERGY_CONSUMPTION(
            "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
            "mJ",
            0,
            gpu -> gpu.sensors().energyMillijoules()),
    SM_CLOCK("DCGM_FI_DEV_SM_CLOCK", "MHz", 0, gpu -> gpu.clocks().smMhz()),
    MEM_CLOCK("DCGM_FI_DEV_MEM_CLOCK", "MHz", 0, gpu -> gpu.clocks().memoryMhz()),
    /** Older DCGM calls it {@code DCGM_FI_DEV_CLOCK_THROTTLE_REASONS}. */
    CLOCKS_EVENT_REASONS(
            "DCGM_FI_DEV_CLOCKS_EVENT_REASONS",
            "NVML's bits",
            0,
            gpu -> gpu.clocks().eventReasons()),
    /** A counter. */
    THERMAL_VIOLATION(
            "DCGM_FI_DEV_THERMAL_VIOLATION", "ns", 0, gpu -> gpu.clocks().thermalViolationNs()),
    /** A counter. */
    POWER_VIOLATION("DCGM_FI_DEV_POWER_VIOLATION", "ns", 0, gpu -> gpu.clocks().powerViolationNs()),
    XID_ERRORS(
            "DCGM_FI_DEV_XID_ERRORS",
            "number of the last",
            0,
            gpu -> gpu.errors().lastXid()),
    /** A counter. */
    ECC_SBE_VOL_TOTAL(
            "DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", "errors", 0, gpu -> gpu.errors().eccSingleBit()),
    /** A counter. */
    ECC_DBE_VOL_TOTAL(
            "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", "errors", 0, gpu -> gpu.errors().eccDoubleBit()),
    ROW_REMAP_FAILURE(
            "DCGM_FI_DEV_ROW_REMAP_FAILURE", "0 or 1", 0, gpu -> gpu.errors().rowRemapFailure() ? 1 : 0),
    PCIE_TX_BYTES(
            "DCGM_FI_PROF_PCIE_TX_BYTES", "bytes/s", 0, gpu -> gpu.traffic().pcieTx()),
    PCIE_RX_BYTES(
            "DCGM_FI_PROF_PCIE_RX_BYTES", "bytes/s", 0, gpu -> gpu.traffic().pcieRx()),
    NVLINK_TX_BYTES(
            "DCGM_FI_PROF_NVLINK_TX_BYTES", "bytes/s", 0, gpu -> gpu.traffic().nvlinkTx()),
    NVLINK_RX_BYTES(
            "DCGM_FI_PROF_NVLINK_RX_BYTES", "bytes/s", 0, gpu -> gpu.traffic().nvlinkRx());

    private final String dcgmId;
    private final String unit;
    private final double steps;

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    private final ToDoubleFunction<Gpu> value;

    DcgmField(String dcgmId, String unit, int decimals, ToDoubleFunction<Gpu> value) {
        this.dcgmId = dcgmId;
        this.unit = unit;
        steps = Math.pow(10, decimals);
        this.value = value;
    }

    /** All values of a GPU by their names in JSON. */
    public static SequencedMap<String, Number> all(Gpu gpu) {
        SequencedMap<String, Number> all = new LinkedHashMap<>();
        for (DcgmField field : values()) {
            double value = field.of(gpu);
            if (value == (long) value) {
                all.put(field.jsonName(), (long) value);
            } else {
                all.put(field.jsonName(), value);
            }
        }
        return all;
    }

    /** As DCGM's {@code dcgm_fields.h} has it. */
    public String dcgmId() {
        return dcgmId;
    }

    public String unit() {
        return unit;
    }

    /** In JSON. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In DCGM's unit, rounded to as many decimals as are worth sending. */
    public double of(Gpu gpu) {
        double exact = value.applyAsDouble(gpu);
        return steps == 1 ? exact : Math.round(exact * steps) / steps;
    }
}
