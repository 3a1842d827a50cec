package io.gpuctl.experiments.engine;

import java.util.PriorityQueue;

/**
 * Virtual time: it jumps from one planned action to the next, by time, then in the order of planning. Its queue is as long
 * as what was planned: a workload, and an action or two for each node.
 */
final class EventLoop {
    private final PriorityQueue<Planned> queue = new PriorityQueue<>();
    private long nowMs;
    private long planned;

    private record Planned(long atMs, long sequence, Runnable action) implements Comparable<Planned> {
        @Override
        public int compareTo(Planned other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    long nowMs() {
        return nowMs;
    }

    /**
     * Plans an action.
     *
     * @throws IllegalArgumentException if that time has passed
     */
    void at(long atMs, Runnable action) {
        if (atMs < nowMs) {
            throw new IllegalArgumentException("It is %d ms: too late for %d ms".formatted(nowMs, atMs));
        }
        queue.add(new Planned(atMs, planned++, action));
    }

    /** Does all that is planned until then, that moment included, and what comes to be planned meanwhile. */
    void runUntil(long endMs) {
        for (Planned next = queue.peek(); next != null && next.atMs() <= endMs; next = queue.peek()) {
            queue.remove();
            nowMs = next.atMs();
            next.action().run();
        }
        nowMs = Math.max(nowMs, endMs);
    }

    /** Does all that is planned, until nothing is. */
    void runToEnd() {
        for (Planned next = queue.poll(); next != null; next = queue.poll()) {
            nowMs = next.atMs();
            next.action().run();
        }
    }
}
