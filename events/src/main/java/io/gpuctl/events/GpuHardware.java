package io.gpuctl.events;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Data that a node's driver reports about its GPUs, for users who inspect GPUs or search for them. Placement does not
 * use it.
 *
 * @param maxSmClockMhz the highest clock of the multiprocessors; 0: not known
 * @param maxMemoryClockMhz the highest clock of the memory; 0: not known
 * @param maxPowerWatts the highest power limit that a GPU may be given; 0: not known
 * @param uuids UUIDs by index, in NVML's form: {@code GPU-} and a UUID
 * @param pciBusIds PCI bus ids by index, in NVML's form: domain, bus, device and function
 * @param serials serial numbers by index
 */
public record GpuHardware(
        String driverVersion,
        String vbiosVersion,
        int maxSmClockMhz,
        int maxMemoryClockMhz,
        double maxPowerWatts,
        List<String> uuids,
        List<String> pciBusIds,
        List<String> serials) {
    private static final int TEXT_LENGTH_MAX = 64;

    /** The driver version that simulated nodes report. */
    private static final String DRIVER_VERSION = "570.172.08";

    private static final String VBIOS_VERSION = "92.00.45.00.03";

    /** The PCI buses of the GPUs of an HGX board, by index. */
    private static final List<String> BUSES = List.of("07", "0F", "47", "4E", "87", "90", "B7", "BD");

    /** Serial numbers have 13 digits. */
    private static final long SERIALS = 10_000_000_000_000L;

    public GpuHardware {
        Check.maxLength("driver_version", driverVersion, TEXT_LENGTH_MAX);
        Check.maxLength("vbios_version", vbiosVersion, TEXT_LENGTH_MAX);
        Check.inRange("max_sm_clock_mhz", maxSmClockMhz, 0, 100_000);
        Check.inRange("max_memory_clock_mhz", maxMemoryClockMhz, 0, 100_000);
        Check.inRange("max_power_watts", maxPowerWatts, 0, 10_000);
        uuids = Check.texts("uuids", uuids, NodeInventory.MAX_GPUS, TEXT_LENGTH_MAX);
        pciBusIds = Check.texts("pci_bus_ids", pciBusIds, NodeInventory.MAX_GPUS, TEXT_LENGTH_MAX);
        serials = Check.texts("serials", serials, NodeInventory.MAX_GPUS, TEXT_LENGTH_MAX);
        requireSame("pci_bus_ids", pciBusIds, uuids.size());
        requireSame("serials", serials, uuids.size());
    }

    private static void requireSame(String field, List<String> texts, int count) {
        if (texts.size() != count) {
            throw new InvalidFieldException(field, texts.size() + " entries long", count + ", as uuids");
        }
    }

    /**
     * Returns hardware data derived from the node's id, in NVIDIA's formats, the same at each start. Simulated nodes
     * report this data. A node that reports none is shown with it, so that its labels stay the same if the node reports
     * it later.
     */
    public static GpuHardware simulated(NodeId nodeId, int gpus) {
        return new GpuHardware(
                DRIVER_VERSION,
                VBIOS_VERSION,
                0,
                0,
                0,
                each(gpus, gpu -> "GPU-" + uuid(nodeId, gpu)),
                each(gpus, GpuHardware::pciBusId),
                each(gpus, gpu -> serial(uuid(nodeId, gpu))));
    }

    private static List<String> each(int gpus, IntFunction<String> text) {
        return IntStream.range(0, gpus).mapToObj(text).toList();
    }

    private static UUID uuid(NodeId nodeId, int gpu) {
        return UUID.nameUUIDFromBytes("%s/%d".formatted(nodeId, gpu).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the PCI bus id of a GPU: each board of eight GPUs has its own PCI domain. */
    private static String pciBusId(int gpu) {
        return "%08X:%s:00.0".formatted(gpu / BUSES.size(), BUSES.get(gpu % BUSES.size()));
    }

    private static String serial(UUID uuid) {
        return "%013d".formatted(Long.remainderUnsigned(uuid.getLeastSignificantBits(), SERIALS));
    }

    /** Returns a copy with these limits. */
    public GpuHardware withLimits(int newMaxSmClockMhz, int newMaxMemoryClockMhz, double newMaxPowerWatts) {
        return new GpuHardware(
                driverVersion,
                vbiosVersion,
                newMaxSmClockMhz,
                newMaxMemoryClockMhz,
                newMaxPowerWatts,
                uuids,
                pciBusIds,
                serials);
    }
}
