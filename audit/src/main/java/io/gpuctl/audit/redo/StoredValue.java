package io.gpuctl.audit.redo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the stored value of a key, and compares it with the expected value. */
public final class StoredValue {
    private static final ObjectMapper JSON = EventJson.mapper();

    private StoredValue() {}

    /**
     * Returns the value.
     *
     * @param stored JSON
     * @param problem receives what is wrong, as text for people, if the value is not of the type
     * @return null if the value is not of the type
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
     * Returns what differs, as text for people; empty if nothing does.
     *
     * @param stored JSON; null if nothing is stored
     * @param expected null if nothing must be stored
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
                            .formatted(key, actual, expected == null ? "that it must be absent" : expected));
        } catch (IOException e) {
            return Optional.of("%s cannot be read: %s".formatted(key, e.getMessage()));
        }
    }
}
