package io.gpuctl.audit.redo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads what is stored under a key, and compares that with what must be. */
public final class StoredValue {
    private static final ObjectMapper JSON = EventJson.mapper();

    private StoredValue() {}

    /**
     * The value.
     *
     * @param stored JSON
     * @param problem is told what is wrong, for people, if that is no such value
     * @return null if it is no such value
     */
    public static <T> @Nullable T read(String key, byte[] stored, Class<T> type, Consumer<String> problem) {
        try {
            return JSON.readValue(stored, type);
        } catch (IOException e) {
            problem.accept("%s cannot be read: %s".formatted(key, e.getMessage()));
            return null;
        }
    }

    /**
     * What differs, for people; empty if nothing does.
     *
     * @param stored JSON; null if nothing is stored there
     * @param expected null if nothing must be stored there
     */
    public static Optional<String> difference(
            String key, byte @Nullable [] stored, @Nullable Object expected, Class<?> type) {
        if (stored == null) {
            return Optional.ofNullable(expected)
                    .map(value -> "%s is not stored, but the log says %s".formatted(key, value));
        }
        try {
            Object actual = JSON.readValue(stored, type);
            return actual.equals(expected)
                    ? Optional.empty()
                    : Optional.of("%s is stored as %s, but the log says %s"
                            .formatted(key, actual, expected == null ? "that it is not there" : expected));
        } catch (IOException e) {
            return Optional.of("%s cannot be read: %s".formatted(key, e.getMessage()));
        }
    }
}
