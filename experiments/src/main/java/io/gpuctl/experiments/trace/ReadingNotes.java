package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader's notes about a file besides its tasks, so that nothing is dropped silently.
 *
 * @param fieldsWithoutCounterpart fields of the file that a task does not have
 * @param rowsLeftOut rows that became no task
 * @param assumptions what the reader assumed because the file does not say it, a sentence each
 * @param header the file's own header entries, in their order
 * @param badRows why rows could not be read, with their line numbers; only the first of those that {@code rowsLeftOut}
 *     counts
 */
public record ReadingNotes(
        List<FieldWithoutCounterpart> fieldsWithoutCounterpart,
        List<RowsLeftOut> rowsLeftOut,
        List<String> assumptions,
        Map<String, String> header,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> badRows) {

    public static final ReadingNotes NONE = new ReadingNotes(List.of(), List.of(), List.of(), Map.of());

    private static final String BAD = "they cannot be read";

    /**
     * A field of the file that has no counterpart in a task.
     *
     * @param rows number of rows in which the field has a value
     * @param reason why the field has no counterpart, without a full stop
     */
    public record FieldWithoutCounterpart(String field, long rows, String reason) {}

    /**
     * Rows that became no task.
     *
     * @param reason why, without a full stop
     */
    public record RowsLeftOut(long rows, String reason) {}

    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: there is nothing to note then
    public ReadingNotes {
        fieldsWithoutCounterpart = List.copyOf(orElse(fieldsWithoutCounterpart, List.of()));
        rowsLeftOut = List.copyOf(orElse(rowsLeftOut, List.of()));
        assumptions = List.copyOf(orElse(assumptions, List.of()));
        header = Collections.unmodifiableMap(new LinkedHashMap<>(orElse(header, Map.of())));
        badRows = List.copyOf(orElse(badRows, List.of()));
    }

    /** Notes on a file without bad rows. */
    public ReadingNotes(
            List<FieldWithoutCounterpart> fieldsWithoutCounterpart,
            List<RowsLeftOut> rowsLeftOut,
            List<String> assumptions,
            Map<String, String> header) {
        this(fieldsWithoutCounterpart, rowsLeftOut, assumptions, header, List.of());
    }

    ReadingNotes plusAssumption(String assumption) {
        List<String> more = new ArrayList<>(assumptions);
        more.add(assumption);
        return new ReadingNotes(fieldsWithoutCounterpart, rowsLeftOut, more, header, badRows);
    }

    /** Returns the notes with these bad rows added; the same notes if there are none. */
    ReadingNotes plusBadRows(long rows, List<String> first) {
        if (rows == 0) {
            return this;
        }
        List<RowsLeftOut> more = new ArrayList<>(rowsLeftOut);
        more.add(new RowsLeftOut(rows, BAD));
        List<String> messages = new ArrayList<>(badRows);
        messages.addAll(first);
        return new ReadingNotes(fieldsWithoutCounterpart, more, assumptions, header, messages);
    }

    private static <T> T orElse(@Nullable T value, T fallback) {
        return value == null ? fallback : value;
    }
}
