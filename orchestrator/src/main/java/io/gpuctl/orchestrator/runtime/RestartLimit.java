package io.gpuctl.orchestrator.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Limits how often a thread that died is replaced: a temporary problem is over after a few restarts, and a permanent
 * one must become visible. Thread-safe.
 */
final class RestartLimit {
    private final int restartsMax;
    private final long periodNanos;
    private final Deque<Long> restarts = new ArrayDeque<>();

    RestartLimit(int restartsMax, Duration period) {
        this.restartsMax = restartsMax;
        this.periodNanos = period.toNanos();
    }

    synchronized boolean allowsAnother() {
        long now = System.nanoTime();
        while (!restarts.isEmpty() && now - restarts.getFirst() > periodNanos) {
            restarts.removeFirst();
        }
        if (restarts.size() >= restartsMax) {
            return false;
        }
        restarts.addLast(now);
        return true;
    }
}
