package io.gpuctl.experiments.engine;

import java.util.PriorityQueue;

/**
 * Virtual time: it jumps from one planned action to the next, by time, then in the order of planning. Its queue is as long
 * as what was planned: a workload, and an action or two for each node.
 *
 * <p>Actions in the background go by the same order, but nothing is waiting for them.
 */
final class EventLoop {
    private final PriorityQueue<Planned> queue = new PriorityQueue<>();
    private long nowMs;
    private long planned;
    private int inForeground;

    private record Planned(long atMs, long sequence, boolean isInBackground, Runnable action)
            implements Comparable<Planned> {
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
        inForeground++;
        add(atMs, false, action);
    }

    /** Plans an action that nobody waits for. */
    void inBackgroundAt(long atMs, Runnable action) {
        add(atMs, true, action);
    }

    private void add(long atMs, boolean isInBackground, Runnable action) {
        if (atMs < nowMs) {
            throw new IllegalArgumentException("It is %d ms: too late for %d ms".formatted(nowMs, atMs));
        }
        queue.add(new Planned(atMs, planned++, isInBackground, action));
    }

    /** Whether something is planned that is not in the background. */
    boolean isBusy() {
        return inForeground > 0;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Does all that is planned until then, that moment included, and what comes to be planned meanwhile. */
    void runUntil(long endMs) {
        for (Planned next = queue.peek(); next != null && next.atMs() <= endMs; next = queue.peek()) {
            runNext();
        }
        nowMs = Math.max(nowMs, endMs);
    }

    /** Does what is planned next. */
    void runNext() {
        Planned next = queue.remove();
        if (!next.isInBackground()) {
            inForeground--;
        }
        nowMs = next.atMs();
        next.action().run();
    }
}
