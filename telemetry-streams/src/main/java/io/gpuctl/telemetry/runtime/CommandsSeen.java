package io.gpuctl.telemetry.runtime;

import java.util.Comparator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The progress of the local partitions of {@code task-commands}, and the callers that wait for it. Stream threads
 * report progress; any thread may wait.
 */
final class CommandsSeen {
    /** Limit on the remembered unreadable records in a row. Beyond it, waiters wait for the next readable record. */
    private static final int SKIPPED_MAX = 10_000;

    private final Map<Integer, Progress> partitions = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Executor completions;

    /** @param completions completes the waiters, so that they never continue on a stream thread */
    CommandsSeen(Executor completions) {
        this.completions = completions;
    }

    /** Notes that the partition is processed here from now on, after {@code offset}; -1 for none. */
    void opened(int partition, long offset) {
        closed(partition);
        partitions.put(partition, new Progress(offset));
    }

    /** Notes that the partition is no longer processed here, and fails its waiters. */
    void closed(int partition) {
        Progress progress = partitions.remove(partition);
        if (progress != null) {
            progress.fail(new ViewsNotReadyException(
                    "Partition " + partition + " of the views is moving to another instance"));
        }
    }

    /** Notes that all records up to this offset are processed. */
    void processed(int partition, long offset) {
        Progress progress = partitions.get(partition);
        if (progress != null) {
            progress.processed(offset);
        }
    }

    /** Notes that the record at this offset is unreadable. Earlier records may still be unprocessed. */
    void skipped(int partition, long offset) {
        Progress progress = partitions.get(partition);
        if (progress != null) {
            progress.skipped(offset);
        }
    }

    CompletionStage<@Nullable Void> whenSeen(int partition, long offset) {
        Progress progress = partitions.get(partition);
        if (progress == null) {
            throw new ViewsNotReadyException("Partition " + partition + " of the views is not on this instance");
        }
        return progress.whenSeen(offset);
    }

    private record Waiter(long offset, long number, CompletableFuture<@Nullable Void> future) {}

    /** The progress of one partition. */
    private final class Progress {
        private final NavigableSet<Waiter> waiters =
                new TreeSet<>(Comparator.comparingLong(Waiter::offset).thenComparingLong(Waiter::number));
        private final NavigableSet<Long> skipped = new TreeSet<>();
        private long seen;
        private long waitersEver;
        private boolean closed;

        Progress(long seen) {
            this.seen = seen;
        }

        synchronized void processed(long offset) {
            if (offset > seen) {
                seen = offset;
                passSkipped();
            }
        }

        synchronized void skipped(long offset) {
            if (skipped.size() < SKIPPED_MAX) {
                skipped.add(offset);
                passSkipped();
            }
        }

        private void passSkipped() {
            skipped.headSet(seen, true).clear();
            while (!skipped.isEmpty() && skipped.first() == seen + 1) {
                seen++;
                skipped.pollFirst();
            }
            while (!waiters.isEmpty() && waiters.first().offset() <= seen) {
                CompletableFuture<@Nullable Void> future = waiters.first().future();
                remove(waiters.first());
                completions.execute(() -> future.complete(null));
            }
        }

        synchronized CompletionStage<@Nullable Void> whenSeen(long offset) {
            if (closed) {
                throw new ViewsNotReadyException("The partition of the views is moving to another instance");
            }
            if (offset <= seen) {
                return CompletableFuture.completedFuture(null);
            }
            if (waiting.incrementAndGet() > Views.WAITERS_MAX) {
                waiting.decrementAndGet();
                throw new ViewsNotReadyException("More than " + Views.WAITERS_MAX + " requests wait for the views");
            }
            Waiter waiter = new Waiter(offset, waitersEver++, new CompletableFuture<>());
            waiters.add(waiter);
            // Also removes a waiter whose caller has given up, by a timeout or otherwise.
            var _ = waiter.future().whenComplete((_, _) -> remove(waiter));
            return waiter.future();
        }

        synchronized void fail(ViewsNotReadyException reason) {
            closed = true;
            while (!waiters.isEmpty()) {
                CompletableFuture<@Nullable Void> future = waiters.first().future();
                remove(waiters.first());
                completions.execute(() -> future.completeExceptionally(reason));
            }
        }

        private synchronized void remove(Waiter waiter) {
            if (waiters.remove(waiter)) {
                waiting.decrementAndGet();
            }
        }
    }
}
