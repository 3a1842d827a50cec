package io.gpuctl.audit.rules;

import io.gpuctl.events.Fact;
import org.jspecify.annotations.Nullable;

/**
 * A fact, and what is known about it.
 *
 * @param pool the fold so far
 * @param cause the entry that caused it; null if it is no record, or not there
 */
record FactStep(
        Place place, Fact fact, PoolReplay pool, @Nullable Entry<?> cause) {
    /** Whether the record at this place caused the fact. */
    boolean isCausedBy(Place other) {
        return fact.cause().source().equals(other.topic())
                && fact.cause().partition() == other.partition()
                && fact.cause().offset() == other.offset();
    }
}
