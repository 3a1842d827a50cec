package io.gpuctl.audit.rules;

import io.gpuctl.events.Fact;
import org.jspecify.annotations.Nullable;

/**
 * A fact with its context.
 *
 * @param pool the replay of the fact's pool so far
 * @param cause the entry that caused the fact; null if the cause is not a record, or is missing
 */
record FactStep(
        Place place, Fact fact, PoolReplay pool, @Nullable Entry<?> cause) {
    /** Returns whether the record at this place caused the fact. */
    boolean isCausedBy(Place other) {
        return fact.cause().source().equals(other.topic())
                && fact.cause().partition() == other.partition()
                && fact.cause().offset() == other.offset();
    }
}
