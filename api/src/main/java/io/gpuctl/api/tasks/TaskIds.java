package io.gpuctl.api.tasks;

import io.gpuctl.api.request.Parameters;
import io.gpuctl.events.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Generates ids for tasks whose submission has none. */
final class TaskIds {

    private static final int KEY_LENGTH_MAX = 255;

    /** 96 bits: a collision of two keys in a cluster is practically impossible. */
    private static final int KEY_HEX_DIGITS = 24;

    private static final SecureRandom RANDOM = new SecureRandom();

    private TaskIds() {}

    /** Returns the id for the header {@code Idempotency-Key}: the same key gives the same task on every instance. */
    static TaskId of(@Nullable String idempotencyKey) {
        return idempotencyKey == null ? timeOrdered(System.currentTimeMillis()) : ofKey(checked(idempotencyKey));
    }

    /** Returns the id for a line of a request with several tasks; see {@link #of(String)}. */
    static TaskId of(@Nullable String idempotencyKey, int line) {
        // No key has a line break, so the id is not the id for another key.
        return idempotencyKey == null
                ? timeOrdered(System.currentTimeMillis())
                : ofKey(checked(idempotencyKey) + "\n" + line);
    }

    private static String checked(String idempotencyKey) {
        if (idempotencyKey.isBlank() || idempotencyKey.length() > KEY_LENGTH_MAX || !isVisibleAscii(idempotencyKey)) {
            throw Parameters.invalid(
                    "Idempotency-Key", idempotencyKey, "1 to " + KEY_LENGTH_MAX + " visible characters of ASCII");
        }
        return idempotencyKey;
    }

    private static TaskId ofKey(String key) {
        String hex = HexFormat.of().formatHex(sha256(key));
        return new TaskId("idem-" + hex.substring(0, KEY_HEX_DIGITS));
    }

    /**
     * Requires visible ASCII: header values have no character set, so a proxy may change other bytes, and with them the
     * key.
     */
    private static boolean isVisibleAscii(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /**
     * Returns an id that is unique without coordination: 48 bits of time, so that ids sort by age, and 64 random bits.
     */
    static TaskId timeOrdered(long wallMs) {
        return new TaskId("task-%012x%016x".formatted(wallMs, RANDOM.nextLong()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
