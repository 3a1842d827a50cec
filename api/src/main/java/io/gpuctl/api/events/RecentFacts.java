package io.gpuctl.api.events;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.settings.ApiSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest facts, in the order in which this instance read them, for any number of readers at their own pace. When
 * the buffer is full, the oldest fact is dropped; a reader that still needs it gets an exception.
 *
 * <p>Thread-safe. Readers block, so each has its own thread; the writer never waits for them.
 */
@ApplicationScoped
public class RecentFacts {

    /** Thrown when a reader is too late: its next fact has been dropped. */
    static final class FellBehindException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final int BATCH_SIZE = 256;

    private final int capacity;
    private final ArrayDeque<LoggedFact> facts = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();

    /** The number of the first fact in {@link #facts}, counted from the start of this process. */
    private long firstNumber;

    /** All facts from this place on are in {@link #facts}; null until the follower has begun. */
    private @Nullable LogPlace oldest;

    private @Nullable LogPlace newest;

    @Inject
    RecentFacts(ApiSettings settings) {
        this(settings.eventRingSize());
    }

    RecentFacts(int capacity) {
        this.capacity = capacity;
    }

    /** Required for CDI proxies. */
    RecentFacts() {
        this(1);
    }

    /** Notes that the follower has begun to read at this place. */
    void begin(LogPlace place) {
        lock.lock();
        try {
            if (oldest == null) {
                oldest = place;
                newest = place;
                for (var fact : facts) {
                    include(fact);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    public boolean hasBegun() {
        lock.lock();
        try {
            return oldest != null;
        } finally {
            lock.unlock();
        }
    }

    void add(List<LoggedFact> newFacts) {
        lock.lock();
        try {
            for (var fact : newFacts) {
                facts.addLast(fact);
                include(fact);
                if (facts.size() > capacity) {
                    dropFirst();
                }
            }
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Extends the known range by a fact. The place where the follower began is read a moment after it began, so its
     * first facts may be before that place.
     */
    private void include(LoggedFact fact) {
        var from = oldest;
        var to = newest;
        if (from == null || to == null) {
            return;
        }
        int partition = fact.partition();
        if (fact.offset() < from.nextOffset(partition)) {
            oldest = from.after(partition, fact.offset() - 1);
        }
        newest = to.after(partition, fact.offset());
    }

    private void dropFirst() {
        var dropped = facts.removeFirst();
        firstNumber++;
        if (oldest != null) {
            oldest = oldest.after(dropped.partition(), dropped.offset());
        }
    }

    /**
     * Returns the place up to which facts were read; fails with a {@link ProblemException} (503) before the follower
     * has begun.
     */
    LogPlace newest() {
        lock.lock();
        try {
            return begun(newest);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the place from which on all facts are available. */
    LogPlace oldest() {
        lock.lock();
        try {
            return begun(oldest);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the number of the first available fact, for {@link #next}; empty if facts after the place have been
     * dropped.
     */
    OptionalLong firstNumberAfter(LogPlace place) {
        lock.lock();
        try {
            return place.reaches(begun(oldest)) ? OptionalLong.of(firstNumber) : OptionalLong.empty();
        } finally {
            lock.unlock();
        }
    }

    private static LogPlace begun(@Nullable LogPlace place) {
        if (place == null) {
            throw ProblemException.of(
                    ProblemType.VIEWS_NOT_READY,
                    "The API does not follow the cluster's events yet: it waits for the broker");
        }
        return place;
    }

    /**
     * Returns the facts from this number on, at most {@link #BATCH_SIZE}. Waits for the first fact; returns an empty
     * list if none arrives in time.
     */
    List<LoggedFact> next(long number, Duration timeout) throws FellBehindException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long waitNanos = timeout.toNanos();
            while (number >= firstNumber + facts.size() && waitNanos > 0) {
                waitNanos = added.awaitNanos(waitNanos);
            }
            if (number < firstNumber) {
                throw new FellBehindException();
            }
            return from(number);
        } finally {
            lock.unlock();
        }
    }

    private List<LoggedFact> from(long number) {
        var batch = new ArrayList<LoggedFact>();
        long skipped = number - firstNumber;
        Iterator<LoggedFact> all = facts.iterator();
        while (all.hasNext() && batch.size() < BATCH_SIZE) {
            var fact = all.next();
            if (skipped-- <= 0) {
                batch.add(fact);
            }
        }
        return batch;
    }
}
