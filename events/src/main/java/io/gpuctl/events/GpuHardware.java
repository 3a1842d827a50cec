package io.gpuctl.events;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What a node's driver says of its GPUs beside what tasks are placed by: for those who look at them, and look for them.
 *
 * @param maxSmClockMhz the highest clock of the multiprocessors; 0: not known
 * @param maxMemoryClockMhz the highest clock of the memory; 0: not known
 * @param maxPowerWatts the highest power limit that a GPU may be given; 0: not known
 * @param uuids by index, as NVML has them: {@code GPU-} and a UUID
 * @param pciBusIds by index, as NVML has them: domain, bus, device and function
 * @param serials by index
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

    /** The driver that simulated nodes say they have. */
    private static final String DRIVER_VERSION = "570.172.08";

    private static final String VBIOS_VERSION = "92.00.45.00.03";

    /** Buses of the GPUs of an HGX board, in the order of their indexes. */
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
     * Made of the node's id, in NVIDIA's forms, and the same at each start. Simulated nodes say this; and a node that says
     * nothing is shown with it, so that its labels stay when it says it later.
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

    /** Beyond a board's eight GPUs comes the next PCI domain. */
    private static String pciBusId(int gpu) {
        return "%08X:%s:00.0".formatted(gpu / BUSES.size(), BUSES.get(gpu % BUSES.size()));
    }

    private static String serial(UUID uuid) {
        return "%013d".formatted(Long.remainderUnsigned(uuid.getLeastSignificantBits(), SERIALS));
    }

    /** The same with limits that are known. */
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
