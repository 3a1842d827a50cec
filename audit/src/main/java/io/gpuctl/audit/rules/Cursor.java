package io.gpuctl.audit.rules;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Iterates over a log once, and remembers the current entry. */
final class Cursor<V> {
    private final Log<V> log;
    private final Iterator<Entry<V>> entries;
    private @Nullable Entry<V> next;
    private @Nullable Entry<V> last;

    Cursor(Log<V> log) {
        this.log = log;
        entries = log.entries();
        next = entries.hasNext() ? entries.next() : null;
    }

    Log<V> log() {
        return log;
    }

    /** Returns whether the next entry has this offset or an earlier one. */
    boolean reaches(long offset) {
        return next != null && next.offset() <= offset;
    }

    @Nullable
    Entry<V> peek() {
        return next;
    }

    boolean isAtEnd() {
        return next == null;
    }

    /** Returns the next entry. There must be one. */
    Entry<V> next() {
        if (next == null) {
            throw new IllegalStateException("The log " + log.topic() + " has ended");
        }
        last = next;
        next = entries.hasNext() ? entries.next() : null;
        return last;
    }

    /** Returns the last entry read, if it has this offset. */
    @Nullable
    Entry<V> lastIfAt(long offset) {
        return last != null && last.offset() == offset ? last : null;
    }
}
