package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.kafka.FailureText;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that dies, since the cause may be temporary, such as a long broker outage. If threads die
 * repeatedly, the app stops with an error.
 */
final class ThreadFailures implements StreamsUncaughtExceptionHandler {
    static final int REPLACEMENTS_MAX = 3;

    /** Kafka itself waits five minutes for a broker, so an absent broker never reaches the limit. */
    static final Duration PERIOD = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);

    private final InstantSource clock;
    private final Deque<Long> failuresMs = new ArrayDeque<>();
    private @Nullable String failure;
    private volatile boolean hasDamagedStore;
    private volatile @Nullable NewerLogError newerLog;

    ThreadFailures(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable exception) {
        if (StoreDamage.isCauseOf(exception)) {
            noteDamagedStore(exception);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        Optional<NewerLogError> newer = NewerLogError.in(exception);
        if (newer.isPresent()) {
            newerLog = newer.get();
            failure = newer.get().sentence();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        long nowMs = clock.millis();
        failuresMs.removeIf(atMs -> nowMs - atMs > PERIOD.toMillis());
        failuresMs.add(nowMs);
        if (failuresMs.size() <= REPLACEMENTS_MAX) {
            LOG.error("A thread of the views died: replacing it", exception);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        failure = "The views stopped: threads died " + failuresMs.size() + " times in " + PERIOD.toMinutes()
                + " minutes, the last of " + FailureText.of(exception);
        LOG.error(failure, exception);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** Notes that a store is unreadable, for any thread. The app stops, and the next start rebuilds the stores. */
    synchronized void noteDamagedStore(Throwable exception) {
        if (!hasDamagedStore) {
            hasDamagedStore = true;
            failure = "A store of the views is damaged and will be rebuilt: " + StoreDamage.describe(exception);
        }
    }

    boolean hasDamagedStore() {
        return hasDamagedStore;
    }

    /** Returns the error if the log needs a newer program; restarting this one does not help. */
    Optional<NewerLogError> newerLog() {
        return Optional.ofNullable(newerLog);
    }

    /** Returns why the app has stopped, if it has. */
    synchronized Optional<String> failure() {
        return Optional.ofNullable(failure);
    }
}
