package io.gpuctl.experiments.trace;

import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts in how many rows the fields without a counterpart have a value. */
final class FieldCounts {

    private final Map<String, FieldWithoutCounterpart> fields = new LinkedHashMap<>();

    /** A row more in which this field has a value. */
    void count(String field, String reason) {
        fields.merge(
                field,
                new FieldWithoutCounterpart(field, 1, reason),
                (before, _) -> new FieldWithoutCounterpart(field, before.rows() + 1, before.reason()));
    }

    /** Those that had a value anywhere, in the order in which they were first seen. */
    List<FieldWithoutCounterpart> fields() {
        return List.copyOf(fields.values());
    }
}
