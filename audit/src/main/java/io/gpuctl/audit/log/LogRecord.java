package io.gpuctl.audit.log;

import org.jspecify.annotations.Nullable;

/**
 * A record with its deserialized value. Any client can write to a topic, and consumers skip records that they cannot
 * read. A replay does the same: it checks {@link #isReadable} first.
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

    /** Returns the offset at the time of the export, which facts name in their causes. */
    public long offset() {
        return place.offset();
    }

    /** Returns when the record was written, in wall-clock time; cluster time is in the value. */
    public long timestampMs() {
        return timestampMs;
    }

    public boolean isReadable() {
        return value != null;
    }

    /** Returns why the value cannot be read; empty if it can be read. */
    public String problem() {
        return problem;
    }

    /**
     * Returns the value.
     *
     * @throws EventLogException if the value cannot be read; the message has the place and the reason
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
