package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a reader made of a file beyond its tasks, so that nothing is dropped in silence.
 *
 * @param fieldsWithoutCounterpart what the file says and a task cannot
 * @param rowsLeftOut rows that became no task
 * @param assumptions what the file does not say and the reader took for granted, a sentence each
 * @param header what the file says of itself, in its order
 * @param badRows why rows could not be read, with their lines: the first of those that {@code rowsLeftOut} counts
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
     * A field of the file that a task has no place for.
     *
     * @param rows in how many rows it had a value
     * @param reason why it has no counterpart, without a full stop
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

    /** Of a file without bad rows. */
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

    /** The same, if there are none. */
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
