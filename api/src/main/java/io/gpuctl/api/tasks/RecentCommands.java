package io.gpuctl.api.tasks;

import io.gpuctl.api.kafka.CommandPosition;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskCommand.ClaimTaskId;
import io.gpuctl.events.TaskCommand.SubmitTask;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The newest submissions and claims of {@code task-commands}, as this instance has read or written them: a window on
 * the end of the log. Within the window, the first submission of an id owns the id. The views know what is before the
 * window.
 *
 * <p>The window of a partition keeps {@value #KEPT_MAX} records; when it is full, it drops its older half at once, so
 * that its beginning rarely moves. Thread-safe; nothing blocks.
 */
@ApplicationScoped
public class RecentCommands {
    /** About 500 bytes each: 10 MB for a partition, and 80 s of submissions at 200 a second. */
    private static final int KEPT_MAX = 20_000;

    /** As long as a command may take to be written. */
    private static final Duration TIMEOUT = Duration.ofSeconds(6);

    /** A log that was known to its end so recently counts as known. */
    static final Duration FRESH = Duration.ofSeconds(1);

    /** Tasks are forgotten after this time at the earliest, unless a pool remembers very few. */
    private static final Duration RECENT = Duration.ofSeconds(10);

    private final ClusterClock clock;
    private final int keptMax;
    private final Map<Integer, Window> windows = new TreeMap<>();
    private Runnable onWait = () -> {};

    @Inject
    RecentCommands(ClusterClock clock) {
        this(clock, KEPT_MAX);
    }

    RecentCommands(ClusterClock clock, int keptMax) {
        this.clock = clock;
        this.keptMax = keptMax;
        for (int partition = 0; partition < Topics.TASK_COMMANDS.partitions(); partition++) {
            windows.put(partition, new Window());
        }
    }

    /** A submission and its place in the log. */
    record Placed(CommandPosition position, SubmitTask submission) {}

    /** A command of this instance, and when it was given to the producer, as {@link System#nanoTime}. */
    private record Written(TaskCommand command, long askedNanos) {}

    private record Waiter(long offset, long number, CompletableFuture<@Nullable Void> future) {}

    /** The window of one partition. */
    private static final class Window {
        private final Map<TaskId, Placed> submissions = new HashMap<>();
        private final Map<TaskId, PoolId> claims = new HashMap<>();
        private final Deque<Kept> kept = new ArrayDeque<>();

        /** This instance's own commands whose predecessors in the log are not known yet, by offset. */
        private final NavigableMap<Long, Written> ahead = new TreeMap<>();

        private final NavigableSet<Waiter> waiters =
                new TreeSet<>(Comparator.comparingLong(Waiter::offset).thenComparingLong(Waiter::number));

        /** The window has all commands from here; -1 until the reader has begun. */
        private long begin = -1;

        private long next = -1;

        /** At this {@link System#nanoTime}, the log had nothing that is not known now; null if that was never known. */
        private @Nullable Long knownNanos;

        private long waitersEver;
    }

    /** An id that the window holds; the oldest is dropped first. */
    private record Kept(long offset, TaskId taskId, boolean isClaim) {}

    /** Sets what to call when a command is awaited that was not read yet; called on the thread of the caller. */
    synchronized void onWait(Runnable wake) {
        onWait = wake;
    }

    /** Notes that reading begins at these offsets, or begins again after a failure. Forgets what was read before. */
    synchronized void begin(Map<Integer, Long> offsets) {
        offsets.forEach((partition, offset) -> {
            Window window = window(partition);
            window.submissions.clear();
            window.claims.clear();
            window.kept.clear();
            window.ahead.clear();
            window.knownNanos = null;
            window.begin = offset;
            window.next = offset;
        });
    }

    /**
     * Adds a command that this instance has written, if everything before it is known: then nobody has to read it. If
     * another writer was in between, the reader reads both.
     *
     * @param askedNanos when the command was given to the producer, as {@link System#nanoTime}
     */
    void written(CommandPosition position, TaskCommand command, long askedNanos) {
        List<CompletableFuture<@Nullable Void>> done;
        // At once, because the reader may begin again at any time.
        synchronized (this) {
            Window window = window(position.partition());
            if (window.next < 0 || position.offset() < window.next || window.ahead.size() >= keptMax) {
                return;
            }
            // Answers of the broker may come in another order than the offsets.
            window.ahead.put(position.offset(), new Written(command, askedNanos));
            long next = window.next;
            for (var written = window.ahead.get(next); written != null; written = window.ahead.get(next)) {
                add(new CommandPosition(position.partition(), next), written.command());
                next++;
            }
            done = advance(window, next);
        }
        done.forEach(future -> future.complete(null));
    }

    /** Returns the offset of the first command that is not known yet, -1 if the reader has not begun. */
    synchronized long next(int partition) {
        return window(partition).next;
    }

    /** Adds a command that was read; commands of a partition come in their order. */
    synchronized void add(CommandPosition position, TaskCommand command) {
        Window window = window(position.partition());
        // Neither the orchestrator nor the views accept a command from the future.
        if (position.offset() < window.next || clock.isAhead(command.atMs())) {
            return;
        }
        boolean isNew = switch (command) {
            case SubmitTask submission ->
                window.submissions.putIfAbsent(submission.task().taskId(), new Placed(position, submission)) == null
                        && window.kept.add(
                                new Kept(position.offset(), submission.task().taskId(), false));
            case ClaimTaskId claim ->
                window.claims.putIfAbsent(claim.taskId(), claim.claimant()) == null
                        && window.kept.add(new Kept(position.offset(), claim.taskId(), true));
            default -> false;
        };
        if (isNew && window.kept.size() > keptMax) {
            dropOlderHalf(window);
        }
    }

    private void dropOlderHalf(Window window) {
        while (window.kept.size() > keptMax / 2) {
            Kept oldest = window.kept.removeFirst();
            if (oldest.isClaim()) {
                window.claims.remove(oldest.taskId());
            } else {
                window.submissions.remove(oldest.taskId());
            }
            window.begin = oldest.offset() + 1;
        }
    }

    /** Notes that everything before this offset was read, whether or not it was a command. */
    void read(int partition, long next) {
        List<CompletableFuture<@Nullable Void>> done;
        synchronized (this) {
            done = advance(window(partition), next);
        }
        done.forEach(future -> future.complete(null));
    }

    /** Returns who waited for the commands before this offset. */
    private static List<CompletableFuture<@Nullable Void>> advance(Window window, long next) {
        window.next = Math.max(window.next, next);
        var known = window.ahead.headMap(window.next);
        for (var written : known.values()) {
            if (window.knownNanos == null || written.askedNanos() - window.knownNanos > 0) {
                window.knownNanos = written.askedNanos();
            }
        }
        known.clear();
        List<CompletableFuture<@Nullable Void>> done = new ArrayList<>();
        while (!window.waiters.isEmpty() && window.waiters.first().offset() < window.next) {
            done.add(window.waiters.removeFirst().future());
        }
        return done;
    }

    public synchronized boolean hasBegun() {
        return windows.values().stream().allMatch(window -> window.begin >= 0);
    }

    /** Returns whether a request waits for a command that was not read yet. */
    synchronized boolean isAwaited() {
        return windows.values().stream().anyMatch(window -> !window.waiters.isEmpty());
    }

    /** Returns where each window begins, by partition: only the views know the commands before these offsets. */
    synchronized Map<Integer, Long> begins() {
        Map<Integer, Long> begins = new TreeMap<>();
        windows.forEach((partition, window) -> begins.put(partition, window.begin));
        return begins;
    }

    /** Returns whether the windows still have all commands from these offsets on. */
    synchronized boolean reachBackTo(Map<Integer, Long> begins) {
        return begins.entrySet().stream()
                .allMatch(begin -> begin.getValue() >= 0
                        && window(begin.getKey()).begin >= 0
                        && window(begin.getKey()).begin <= begin.getValue());
    }

    /** Returns the first submission of this id in the window of this pool's partition. */
    synchronized Optional<Placed> first(PoolId pool, TaskId taskId) {
        return Optional.ofNullable(
                window(PoolPartitioner.partition(pool)).submissions.get(taskId));
    }

    /** Returns a submission of this id, of any pool, which is the first in its partition's window. */
    synchronized Optional<Placed> first(TaskId taskId) {
        return windows.values().stream()
                .flatMap(window -> Stream.ofNullable(window.submissions.get(taskId)))
                .findFirst();
    }

    /**
     * Returns whether a submission is so new that the pool cannot have forgotten its task. The task of an older
     * submission may have finished and be forgotten; a later submission of its id is then another task.
     */
    boolean isRecent(Placed placed) {
        return clock.nowMs() - placed.submission().atMs() < clock.clusterDurationMs(RECENT.toMillis());
    }

    /** Returns the pool that first claimed this id in the window; all claims are in one partition. */
    synchronized @Nullable PoolId claimant(TaskId taskId) {
        return window(PoolPartitioner.partition(PoolId.DEFAULT)).claims.get(taskId);
    }

    /**
     * Returns whether the log has no claim from this offset on, at least until {@link #FRESH} ago; false if that is not
     * known.
     */
    synchronized boolean hasNoClaimSince(long offset) {
        Window window = window(PoolPartitioner.partition(PoolId.DEFAULT));
        return window.begin >= 0
                && window.begin <= offset
                && window.claims.isEmpty()
                && window.knownNanos != null
                && System.nanoTime() - window.knownNanos < FRESH.toNanos();
    }

    /**
     * Completes when everything up to these offsets was read, exclusive. Completes on the thread that reads, so what
     * follows must be short. Fails with a {@link ProblemException} (503) after {@link #TIMEOUT}: the broker is away.
     */
    Uni<Void> whenRead(Map<Integer, Long> ends) {
        List<Uni<Void>> waits = new ArrayList<>();
        ends.forEach((partition, end) -> waits.add(whenRead(partition, end)));
        if (waits.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Uni<Void> all = waits.size() == 1
                ? waits.getFirst()
                : Uni.join().all(waits).andFailFast().replaceWithVoid();
        return all.ifNoItem()
                .after(TIMEOUT)
                .failWith(() -> ProblemException.of(
                        ProblemType.BROKER_AWAY,
                        "The newest commands could not be read from the Kafka broker in time; try again"));
    }

    private Uni<Void> whenRead(int partition, long end) {
        return Uni.createFrom().deferred(() -> {
            Waiter waiter;
            Runnable wake;
            synchronized (this) {
                Window window = window(partition);
                if (end <= window.next) {
                    return Uni.createFrom().voidItem();
                }
                waiter = new Waiter(end - 1, window.waitersEver++, new CompletableFuture<>());
                window.waiters.add(waiter);
                wake = onWait;
            }
            wake.run();
            return Uni.createFrom()
                    .<@Nullable Void>completionStage(waiter.future())
                    .onTermination()
                    .invoke(() -> forget(partition, waiter))
                    .replaceWithVoid();
        });
    }

    private synchronized void forget(int partition, Waiter waiter) {
        window(partition).waiters.remove(waiter);
    }

    private Window window(int partition) {
        Window window = windows.get(partition);
        if (window == null) {
            throw new IllegalArgumentException("task-commands has no partition " + partition);
        }
        return window;
    }
}
