package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.NodeInventory;
import java.util.List;
import java.util.Optional;

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

    /** Returns why an attempt cannot have this allocation now, as a sentence; empty if it can. */
    Optional<String> whyNot(Allocation allocation) {
        return whyNot("CPU milli", allocation.cpuMilli(), inventory.cpuMilli() - usedCpuMilli)
                .or(() -> whyNot("MiB of memory", allocation.memoryMib(), inventory.memoryMib() - usedMemoryMib))
                .or(() -> whyNot("attempt", 1, (long) NodeInventory.MAX_ATTEMPTS - attempts))
                .or(() -> whyNotGpus(allocation));
    }

    private Optional<String> whyNotGpus(Allocation allocation) {
        List<Integer> indexes = allocation.gpus();
        if (indexes.stream().distinct().count() != indexes.size()) {
            return Optional.of("The same GPU is named twice: " + indexes);
        }
        if (!indexes.isEmpty() && allocation.gpuMilli() == 0) {
            return Optional.of("GPUs " + indexes + " are named, but no share of them");
        }
        for (int index : indexes) {
            Optional<String> reason = whyNotGpu(index, allocation);
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    private Optional<String> whyNotGpu(int index, Allocation allocation) {
        if (index < 0 || index >= gpus.size()) {
            return Optional.of("There is no GPU " + index + ": this node has " + gpus.size());
        }
        var gpu = gpus.get(index);
        long freeMemoryMib = inventory.gpuMemoryMib() - gpu.usedMemoryMib();
        return whyNot("milli of GPU " + index, allocation.gpuMilli(), gpu.freeMilli())
                .or(() -> whyNot("MiB of memory of GPU " + index, allocation.gpuMemoryMib(), freeMemoryMib));
    }

    private static Optional<String> whyNot(String what, long wanted, long free) {
        return wanted < 0 || wanted > free
                ? Optional.of("%d %s are asked for, %d are free".formatted(wanted, what, free))
                : Optional.empty();
    }
}
