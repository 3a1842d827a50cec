package io.gpuctl.simulator.runtime;

import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * Calls each node once per second of wall time, spread over the second, so that not all nodes send at once.
 *
 * <p>The pulse follows the monotonic clock, so a correction of the wall clock silences no node. After a stall, each
 * node is called once, not once per missed second.
 */
final class Pulse {
    static final Duration PERIOD = Duration.ofSeconds(1);

    private static final int SLOTS_PER_SECOND = 50;
    private static final long SLOT_NANOS = PERIOD.toNanos() / SLOTS_PER_SECOND;

    private final int nodes;
    private final long originNanos;
    private long nextSlot;

    Pulse(int nodes, long originNanos) {
        this.nodes = nodes;
        this.originNanos = originNanos;
    }

    /** Returns the position of a node among those that are called at the same moment. */
    static int turn(int index) {
        return index / SLOTS_PER_SECOND;
    }

    /** Calls {@code node} with the index of each node that is due. */
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

    /** Returns the time until the next node is due. */
    long nanosUntilNext(long nowNanos) {
        return Math.max(0, originNanos + nextSlot * SLOT_NANOS - nowNanos);
    }
}
