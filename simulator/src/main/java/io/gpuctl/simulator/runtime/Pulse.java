package io.gpuctl.simulator.runtime;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Calls each node once per second of wall time, spread over the second, so that not all send at once.
 *
 * <p>It follows the monotonic clock, so a correction of the wall clock silences nobody. After a stall each node is called once,
 * not once for every second missed.
 */
final class Pulse {
    private static final int SLOTS_PER_SECOND = 50;
    private static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(1) / SLOTS_PER_SECOND;

    private final int nodes;
    private final long originNanos;
    private long nextSlot;

    Pulse(int nodes, long originNanos) {
        this.nodes = nodes;
        this.originNanos = originNanos;
    }

    /** Calls the nodes, by index, whose time has come. */
    void beat(long nowNanos, IntConsumer node) {
        long currentSlot = (nowNanos - originNanos) / SLOT_NANOS;
        long slot = Math.max(nextSlot, currentSlot - SLOTS_PER_SECOND + 1);
        for (; slot <= currentSlot; slot++) {
            for (int i = (int) (slot % SLOTS_PER_SECOND); i < nodes; i += SLOTS_PER_SECOND) {
                node.accept(i);
            }
        }
        nextSlot = slot;
    }

    /** How long until the next node's time. */
    long nanosUntilNext(long nowNanos) {
        return Math.max(0, originNanos + nextSlot * SLOT_NANOS - nowNanos);
    }
}
