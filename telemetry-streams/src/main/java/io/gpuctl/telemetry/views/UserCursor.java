package io.gpuctl.telemetry.views;

import io.gpuctl.events.PoolId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The position of a user of a pool in a listing, which is sorted by {@link #key}.
 *
 * @param user any text
 */
public record UserCursor(PoolId pool, String user) {
    /**
     * Compares only pools, in the order of their keys. One store has all users of a pool, sorted by UTF-8, which for
     * some letters differs from Java's order.
     */
    public static final Comparator<UserCursor> BY_POOL = Comparator.comparing(UserCursor::prefix);

    /** The order of a store, byte by byte. */
    public static final Comparator<UserCursor> BY_KEY =
            Comparator.comparing(cursor -> cursor.key().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    /** Separates pool and user: no identifier contains this character. */
    private static final char SEPARATOR = '|';

    /** Greater than the separator, and also in no identifier. */
    private static final char AFTER_SEPARATOR = SEPARATOR + 1;

    /** Returns a key before all users of a pool. */
    public static String beforeAll(PoolId pool) {
        return pool.value() + SEPARATOR;
    }

    /** Returns a key after all users of a pool. */
    public static String afterAll(PoolId pool) {
        return pool.value() + AFTER_SEPARATOR;
    }

    /** Returns the key in a store. */
    public String key() {
        return prefix() + user;
    }

    private String prefix() {
        return beforeAll(pool);
    }

    /** Reads a {@link #key}; throws {@link IllegalArgumentException} if it is malformed. */
    public static UserCursor parse(String key) {
        int end = key.indexOf(SEPARATOR);
        if (end < 0) {
            throw new IllegalArgumentException("'%s' must have a pool followed by '%s'".formatted(key, SEPARATOR));
        }
        return new UserCursor(new PoolId(key.substring(0, end)), key.substring(end + 1));
    }
}
