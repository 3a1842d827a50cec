package io.gpuctl.orchestrator.core;

import java.util.PriorityQueue;

/** A clock that jumps from one planned action to the next: by time, then in the order in which they were planned. */
final class VirtualTime {
    private record Timer(long atMs, long number, Runnable action) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long nowMs;
    private long planned;

    VirtualTime(long startMs) {
        nowMs = startMs;
    }

    long nowMs() {
        return nowMs;
    }

    void after(long delayMs, Runnable action) {
        timers.add(new Timer(nowMs + delayMs, planned++, action));
    }

    /** Runs everything that is planned until this time. */
    void runUntil(long endMs) {
        while (!timers.isEmpty() && timers.peek().atMs() <= endMs) {
            Timer next = timers.poll();
            nowMs = next.atMs();
            next.action().run();
        }
        nowMs = endMs;
    }
}
