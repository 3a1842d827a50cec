package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.NodeInventory;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The resources of a node, and how much of them is taken. A node never runs more than it has. */
final class Capacity {
    private final NodeInventory inventory;
    private final List<Gpu> gpus;
    private long usedCpuMilli;
    private long usedMemoryMib;
    private int attempts;

    Capacity(NodeInventory inventory, List<Gpu> gpus) {
        this.inventory = inventory;
        this.gpus = gpus;
    }

    void take(Allocation allocation) {
        usedCpuMilli += allocation.cpuMilli();
        usedMemoryMib += allocation.memoryMib();
        attempts++;
    }

    void giveBack(Allocation allocation) {
        usedCpuMilli -= allocation.cpuMilli();
        usedMemoryMib -= allocation.memoryMib();
        attempts--;
    }

    /** Returns why an attempt cannot have this allocation now, as a sentence; null if it can. */
    @Nullable
    String whyNot(Allocation allocation) {
        if (isTooMuch(allocation.cpuMilli(), inventory.cpuMilli() - usedCpuMilli)) {
            return tooMuch("CPU milli", allocation.cpuMilli(), inventory.cpuMilli() - usedCpuMilli);
        }
        if (isTooMuch(allocation.memoryMib(), inventory.memoryMib() - usedMemoryMib)) {
            return tooMuch("MiB of memory", allocation.memoryMib(), inventory.memoryMib() - usedMemoryMib);
        }
        if (attempts >= NodeInventory.MAX_ATTEMPTS) {
            return tooMuch("attempt", 1, (long) NodeInventory.MAX_ATTEMPTS - attempts);
        }
        return whyNotGpus(allocation);
    }

    private @Nullable String whyNotGpus(Allocation allocation) {
        List<Integer> indexes = allocation.gpus();
        if (indexes.size() > 1 && new LinkedHashSet<>(indexes).size() != indexes.size()) {
            return "The same GPU is named twice: " + indexes;
        }
        if (!indexes.isEmpty() && allocation.gpuMilli() == 0) {
            return "GPUs " + indexes + " are named, but no share of them";
        }
        for (int index : indexes) {
            String reason = whyNotGpu(index, allocation);
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    private @Nullable String whyNotGpu(int index, Allocation allocation) {
        if (index < 0 || index >= gpus.size()) {
            return "There is no GPU " + index + ": this node has " + gpus.size();
        }
        var gpu = gpus.get(index);
        if (isTooMuch(allocation.gpuMilli(), gpu.freeMilli())) {
            return tooMuch("milli of GPU " + index, allocation.gpuMilli(), gpu.freeMilli());
        }
        long freeMemoryMib = inventory.gpuMemoryMib() - gpu.usedMemoryMib();
        return isTooMuch(allocation.gpuMemoryMib(), freeMemoryMib)
                ? tooMuch("MiB of memory of GPU " + index, allocation.gpuMemoryMib(), freeMemoryMib)
                : null;
    }

    private static boolean isTooMuch(long wanted, long free) {
        return wanted < 0 || wanted > free;
    }

    private static String tooMuch(String what, long wanted, long free) {
        return "%d %s are asked for, %d are free".formatted(wanted, what, free);
    }
}
