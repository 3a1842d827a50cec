package io.gpuctl.experiments.engine;

import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time, which jumps from one planned action to the next: by time, then in the order of planning. The queue
 * holds every planned action: a workload, and an action or two for each node.
 *
 * <p>Background actions run in the same order, but a run does not wait for them. Actions that stand aside, such as
 * faults, do not even count as planned.
 */
final class EventLoop {
    private final PriorityQueue<Planned> queue = new PriorityQueue<>();
    /**
     * Actions that were planned in the order of their times, before all others that were: a workload. So the queue
     * stays as short as the number of nodes, and an action costs the logarithm of that.
     */
    private final ArrayDeque<Planned> ahead = new ArrayDeque<>();

    /** Actions that were planned for the present, in the order of planning; empty when time passes. */
    private final ArrayDeque<Planned> present = new ArrayDeque<>();

    private long nowMs;
    private long planned;
    private int inForeground;
    private int inBackground;

    /** The place of an action in a run: whether the end of the run waits for it. */
    private enum Place {
        FOREGROUND,
        BACKGROUND,
        ASIDE
    }

    /** A planned action. */
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
     * @throws IllegalArgumentException if the time has passed
     */
    Planned at(long atMs, Runnable action) {
        inForeground++;
        return add(atMs, Place.FOREGROUND, action);
    }

    /** Plans an action that the end of a run does not wait for. */
    Planned inBackgroundAt(long atMs, Runnable action) {
        inBackground++;
        return add(atMs, Place.BACKGROUND, action);
    }

    /** Plans an action that runs only if other actions let time pass until then. */
    void asideAt(long atMs, Runnable action) {
        var _ = add(atMs, Place.ASIDE, action);
    }

    /** Stops waiting for a planned action that will do nothing. Its time may have passed. */
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
            throw new IllegalArgumentException(
                    "The time is already %d ms: too late to plan an action for %d ms".formatted(nowMs, atMs));
        }
        var added = new Planned(atMs, planned++, place, action);
        if (atMs == nowMs) {
            present.addLast(added);
        } else if (ahead.isEmpty() || atMs >= ahead.getLast().atMs) {
            ahead.addLast(added);
        } else {
            queue.add(added);
        }
        return added;
    }

    /** Returns the next planned action; null if there is none. */
    private @Nullable Planned peek() {
        return earlier(present.peekFirst(), earlier(ahead.peekFirst(), queue.peek()));
    }

    private static @Nullable Planned earlier(@Nullable Planned one, @Nullable Planned other) {
        return other == null || (one != null && one.compareTo(other) < 0) ? one : other;
    }

    /** Returns whether a foreground action is planned. */
    boolean isBusy() {
        return inForeground > 0;
    }

    /** Returns whether no action is planned, apart from those that stand aside. */
    boolean isEmpty() {
        return inForeground + inBackground == 0;
    }

    /** Runs all actions that are planned until {@code endMs}, inclusive, and those that they plan for that time. */
    void runUntil(long endMs) {
        for (Planned next = peek(); next != null && next.atMs <= endMs; next = peek()) {
            runNext();
        }
        nowMs = Math.max(nowMs, endMs);
    }

    /** Runs the next planned action. */
    void runNext() {
        Planned next = peek();
        if (next == null) {
            throw new NoSuchElementException("No action is planned");
        }
        if (next == present.peekFirst()) {
            present.removeFirst();
        } else if (next == ahead.peekFirst()) {
            ahead.removeFirst();
        } else {
            queue.remove();
        }
        leave(next);
        next.place = Place.ASIDE;
        nowMs = next.atMs;
        next.action.run();
    }
}
