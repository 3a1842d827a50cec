package io.gpuctl.audit.log;

import org.jspecify.annotations.Nullable;

/**
 * A record with its value read. Anybody can write to a topic, and its readers skip what they cannot read: so does a
 * replay, which asks {@link #isReadable} first.
 */
public final class LogRecord<V> {
    private final LogPlace place;
    private final long timestampMs;
    private final @Nullable V value;
    private final String problem;

    private LogRecord(LogPlace place, long timestampMs, @Nullable V value, String problem) {
        this.place = place;
        this.timestampMs = timestampMs;
        this.value = value;
        this.problem = problem;
    }

    static <V> LogRecord<V> readable(PlacedRecord record, V value) {
        return new LogRecord<>(record.place(), record.raw().timestampMs(), value, "");
    }

    static <V> LogRecord<V> unreadable(PlacedRecord record, String problem) {
        return new LogRecord<>(record.place(), record.raw().timestampMs(), null, problem);
    }

    public LogPlace place() {
        return place;
    }

    public int partition() {
        return place.partition();
    }

    /** The one that it had when it was exported, which facts name as their causes. */
    public long offset() {
        return place.offset();
    }

    /** When it was written, wall-clock time; cluster time is in the value. */
    public long timestampMs() {
        return timestampMs;
    }

    public boolean isReadable() {
        return value != null;
    }

    /** Why the value cannot be read; empty if it can. */
    public String problem() {
        return problem;
    }

    /**
     * The value.
     *
     * @throws EventLogException if it cannot be read, with its place and the reason
     */
    public V value() {
        if (value == null) {
            throw new EventLogException(place, problem);
        }
        return value;
    }

    @Override
    public String toString() {
        return place + ": " + (value == null ? problem : value);
    }
}
