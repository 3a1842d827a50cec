package io.gpuctl.cli.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of one node according to the facts: whether it may receive tasks, and which of its resources are allocated.
 */
final class NodeBook {
    private static final int WHOLE_GPU_MILLI = 1000;

    /** The reachability of the node. */
    enum State {
        UP,
        SUSPECT,
        LOST,
        DOWN
    }

    /**
     * The resources that an attempt holds on this node.
     *
     * @param gpus indexes
     * @param milli thousandths of each GPU
     * @param gpuMemoryMib of each GPU
     */
    record Hold(Set<Integer> gpus, int milli, long gpuMemoryMib, long cpuMilli, long memoryMib) {
        /**
         * Reads an allocation of {@code task_placed}; throws {@link IllegalStepException} if it contains a GPU twice.
         */
        static Hold of(JsonNode allocation) {
            Set<Integer> gpus = new LinkedHashSet<>();
            for (JsonNode gpu : allocation.path("gpus")) {
                if (!gpus.add(gpu.asInt())) {
                    throw new IllegalStepException("GPU %s appears twice in one allocation".formatted(gpu));
                }
            }
            return new Hold(
                    gpus,
                    allocation.path("gpu_milli").asInt(),
                    allocation.path("gpu_memory_mib").asLong(),
                    allocation.path("cpu_milli").asLong(),
                    allocation.path("memory_mib").asLong());
        }
    }

    final String id;
    long incarnation;
    State state = State.UP;
    boolean isCordoned;
    final Set<Integer> gpusOut = new LinkedHashSet<>();
    private int gpuCount;
    private long gpuMemoryMib;
    private long cpuMilli;
    private long memoryMib;
    private final Map<String, Hold> holds = new LinkedHashMap<>();

    NodeBook(String id) {
        this.id = id;
    }

    /** Registers a new start of the node: nothing runs on it, and all GPUs work. */
    void register(JsonNode inventory, long newIncarnation) {
        incarnation = newIncarnation;
        state = State.UP;
        gpusOut.clear();
        holds.clear();
        gpuCount = inventory.path("gpu_count").asInt();
        gpuMemoryMib = inventory.path("gpu_memory_mib").asLong();
        cpuMilli = inventory.path("cpu_milli").asLong();
        memoryMib = inventory.path("memory_mib").asLong();
    }

    void releaseAll() {
        holds.clear();
    }

    boolean holdsAnything() {
        return !holds.isEmpty();
    }

    /** Releases what an attempt holds; returns false if it held nothing. */
    boolean release(String attempt) {
        return holds.remove(attempt) != null;
    }

    /** Returns why the node may not receive an attempt now; null if it may. */
    @Nullable
    String unfitFor(Hold hold, long wantedIncarnation) {
        if (state != State.UP || isCordoned) {
            return "node %s is %s%s".formatted(id, state, isCordoned ? ", cordoned" : "");
        }
        if (wantedIncarnation != incarnation) {
            return "node %s is in incarnation %d, not %d".formatted(id, incarnation, wantedIncarnation);
        }
        for (int gpu : hold.gpus()) {
            if (gpu < 0 || gpu >= gpuCount || gpusOut.contains(gpu)) {
                return "GPU %d of node %s is out of service, or does not exist".formatted(gpu, id);
            }
        }
        return null;
    }

    /** Allocates the resources. Returns which capacity is exceeded then; null if none is. */
    @Nullable
    String hold(String attempt, Hold hold) {
        holds.put(attempt, hold);
        for (int gpu : hold.gpus()) {
            long milli = 0;
            long memory = 0;
            for (Hold other : holds.values()) {
                if (other.gpus().contains(gpu)) {
                    milli += other.milli();
                    memory += other.gpuMemoryMib();
                }
            }
            if (milli > WHOLE_GPU_MILLI || memory > gpuMemoryMib) {
                return "GPU %d of node %s: %d of %d milli and %d of %d MiB are allocated"
                        .formatted(gpu, id, milli, WHOLE_GPU_MILLI, memory, gpuMemoryMib);
            }
        }
        long cpu = holds.values().stream().mapToLong(Hold::cpuMilli).sum();
        long memory = holds.values().stream().mapToLong(Hold::memoryMib).sum();
        return cpu <= cpuMilli && memory <= memoryMib
                ? null
                : "node %s: %d of %d CPU milli and %d of %d MiB are allocated"
                        .formatted(id, cpu, cpuMilli, memory, memoryMib);
    }
}
