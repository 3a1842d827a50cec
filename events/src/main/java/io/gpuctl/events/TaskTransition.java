package io.gpuctl.events;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@link TaskLife}.
 *
 * @param from the state in which the step is legal; null if there is no task of this id yet
 * @param to the state after the step; {@code from} if the step changes no state
 */
public record TaskTransition(@Nullable TaskState from, TaskStep step, TaskState to) {
    /** Returns whether the step changes the state of the task. */
    public boolean changesState() {
        return from != to;
    }

    /** Returns the text for a table, for example {@code backing_off, retry_due -> queued}. */
    @Override
    public String toString() {
        return "%s, %s -> %s".formatted(name(from), step, name(to));
    }

    /** Returns a state as the log writes it; {@code new} if there is no task yet. */
    static String name(@Nullable TaskState state) {
        return state == null ? "new" : state.name().toLowerCase(Locale.ROOT);
    }
}
