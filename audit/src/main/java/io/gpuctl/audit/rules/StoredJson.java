package io.gpuctl.audit.rules;

import io.gpuctl.audit.redo.StoredValue;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Compares the values of a changelog with the expected values. */
final class StoredJson {
    private final String rule;
    private final Violations violations;

    StoredJson(String rule, Violations violations) {
        this.rule = rule;
        this.violations = violations;
    }

    /** Returns the value; adds a violation and returns null if the value is not of the type. */
    <T> @Nullable T read(String key, Stored stored, Class<T> type) {
        return StoredValue.read(key, stored.value(), type, text -> violations.add(rule, stored.place(), text));
    }

    /**
     * Compares the value of a key; {@code expected} is null if nothing must be stored. The changelog must not be empty.
     */
    void compare(SortedMap<String, Stored> changelog, String key, @Nullable Object expected, Class<?> type) {
        Stored stored = changelog.get(key);
        Place place = stored == null ? nowhere(changelog) : stored.place();
        StoredValue.difference(key, stored == null ? null : stored.value(), expected, type)
                .ifPresent(text -> violations.add(rule, place, text));
    }

    /** Returns the place for a missing record: the partition of the changelog, without an offset. */
    static Place nowhere(SortedMap<String, Stored> changelog) {
        for (Stored any : changelog.values()) {
            return new Place(any.place().topic(), any.place().partition(), -1);
        }
        return new Place("(no changelog)", -1, -1);
    }
}
