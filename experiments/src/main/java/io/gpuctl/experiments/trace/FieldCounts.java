package io.gpuctl.experiments.trace;

import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts, for each field without a counterpart in a task, the rows in which it has a value. */
final class FieldCounts {

    private final Map<String, FieldWithoutCounterpart> fields = new LinkedHashMap<>();

    /** Counts one more row in which the field has a value. */
    void count(String field, String reason) {
        fields.merge(
                field,
                new FieldWithoutCounterpart(field, 1, reason),
                (before, _) -> new FieldWithoutCounterpart(field, before.rows() + 1, before.reason()));
    }

    /** Returns the fields that had a value in any row, in the order in which they first occurred. */
    List<FieldWithoutCounterpart> fields() {
        return List.copyOf(fields.values());
    }
}
