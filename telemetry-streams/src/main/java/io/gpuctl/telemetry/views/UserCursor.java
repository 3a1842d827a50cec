package io.gpuctl.telemetry.views;

import io.gpuctl.events.PoolId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Where a user of a pool stands in a listing, which is by {@link #key}.
 *
 * @param user any text
 */
public record UserCursor(PoolId pool, String user) {
    /**
     * Pools in the order of their keys. Only pools are compared: one store has all users of a pool, and has them in order, that
     * of UTF-8, which for some letters is another than Java's.
     */
    public static final Comparator<UserCursor> BY_POOL = Comparator.comparing(UserCursor::prefix);

    /** As a store has them, byte by byte. */
    public static final Comparator<UserCursor> BY_KEY =
            Comparator.comparing(cursor -> cursor.key().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    /** No identifier holds it. */
    private static final char SEPARATOR = '|';

    /** The key in a store. */
    public String key() {
        return prefix() + user;
    }

    private String prefix() {
        return pool.value() + SEPARATOR;
    }

    /** Reads a {@link #key}; throws {@link IllegalArgumentException} if it is none. */
    public static UserCursor parse(String key) {
        int end = key.indexOf(SEPARATOR);
        if (end < 0) {
            throw new IllegalArgumentException("'%s' has no '%s' behind a pool".formatted(key, SEPARATOR));
        }
        return new UserCursor(new PoolId(key.substring(0, end)), key.substring(end + 1));
    }
}
