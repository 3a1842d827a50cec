package io.gpuctl.experiments.engine;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: it jumps from one planned action to the next, by time, then in the order of planning. Its queue is as long
 * as what was planned: a workload, and an action or two for each node.
 *
 * <p>Actions in the background go by the same order, but nothing is waiting for them. Those that stand aside, such as
 * faults, do not even count as planned.
 */
final class EventLoop {
    private final PriorityQueue<Planned> queue = new PriorityQueue<>();
    private long nowMs;
    private long planned;
    private int inForeground;
    private int inBackground;

    /** What it is to the end of a run. */
    private enum Place {
        FOREGROUND,
        BACKGROUND,
        ASIDE
    }

    /** An action that is planned. */
    static final class Planned implements Comparable<Planned> {
        private final long atMs;
        private final long sequence;
        private final Runnable action;
        private Place place;

        private Planned(long atMs, long sequence, Place place, Runnable action) {
            this.atMs = atMs;
            this.sequence = sequence;
            this.place = place;
            this.action = action;
        }

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
    Planned at(long atMs, Runnable action) {
        inForeground++;
        return add(atMs, Place.FOREGROUND, action);
    }

    /** Plans an action that nobody waits for. */
    Planned inBackgroundAt(long atMs, Runnable action) {
        inBackground++;
        return add(atMs, Place.BACKGROUND, action);
    }

    /** Plans an action that happens if time passes until then, for which nobody would let it pass. */
    void asideAt(long atMs, Runnable action) {
        var _ = add(atMs, Place.ASIDE, action);
    }

    /** Nobody waits any more for an action that is planned, whose time may have passed: it will do nothing. */
    void giveUp(@Nullable Planned planned) {
        if (planned != null) {
            leave(planned);
            planned.place = Place.ASIDE;
        }
    }

    private void leave(Planned planned) {
        switch (planned.place) {
            case FOREGROUND -> inForeground--;
            case BACKGROUND -> inBackground--;
            case ASIDE -> {}
        }
    }

    private Planned add(long atMs, Place place, Runnable action) {
        if (atMs < nowMs) {
            throw new IllegalArgumentException("It is %d ms: too late for %d ms".formatted(nowMs, atMs));
        }
        var added = new Planned(atMs, planned++, place, action);
        queue.add(added);
        return added;
    }

    /** Whether something is planned that is not in the background. */
    boolean isBusy() {
        return inForeground > 0;
    }

    /** Whether nothing is planned but what stands aside. */
    boolean isEmpty() {
        return inForeground + inBackground == 0;
    }

    /** Does all that is planned until then, that moment included, and what comes to be planned meanwhile. */
    void runUntil(long endMs) {
        for (Planned next = queue.peek(); next != null && next.atMs <= endMs; next = queue.peek()) {
            runNext();
        }
        nowMs = Math.max(nowMs, endMs);
    }

    /** Does what is planned next. */
    void runNext() {
        Planned next = queue.remove();
        leave(next);
        next.place = Place.ASIDE;
        nowMs = next.atMs;
        next.action.run();
    }
}
