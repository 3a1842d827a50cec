package io.gpuctl.audit.rules;

import org.jspecify.annotations.Nullable;

/**
 * A record that was read.
 *
 * @param value null if it could not be read
 * @param defect why the value could not be read; otherwise empty
 */
public record Entry<V>(Place place, @Nullable V value, String defect) {
    public static <V> Entry<V> of(Place place, V value) {
        return new Entry<>(place, value, "");
    }

    public static <V> Entry<V> unreadable(Place place, String defect) {
        return new Entry<>(place, null, defect);
    }

    long offset() {
        return place.offset();
    }
}
