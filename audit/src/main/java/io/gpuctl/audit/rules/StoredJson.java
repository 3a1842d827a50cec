package io.gpuctl.audit.rules;

import io.gpuctl.audit.redo.StoredValue;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Compares what a changelog holds with what it must hold. */
final class StoredJson {
    private final String rule;
    private final Violations violations;

    StoredJson(String rule, Violations violations) {
        this.rule = rule;
        this.violations = violations;
    }

    /** Null, and a violation, if it is no such thing. */
    <T> @Nullable T read(String key, Stored stored, Class<T> type) {
        return StoredValue.read(key, stored.value(), type, text -> violations.add(rule, stored.place(), text));
    }

    /** {@code expected} is null if nothing must be stored there. The changelog is not empty. */
    void compare(SortedMap<String, Stored> changelog, String key, @Nullable Object expected, Class<?> type) {
        Stored stored = changelog.get(key);
        Place place = stored == null ? nowhere(changelog) : stored.place();
        StoredValue.difference(key, stored == null ? null : stored.value(), expected, type)
                .ifPresent(text -> violations.add(rule, place, text));
    }

    /** What is missing has no place of its own. */
    static Place nowhere(SortedMap<String, Stored> changelog) {
        for (Stored any : changelog.values()) {
            return new Place(any.place().topic(), any.place().partition(), -1);
        }
        return new Place("(no changelog)", -1, -1);
    }
}
