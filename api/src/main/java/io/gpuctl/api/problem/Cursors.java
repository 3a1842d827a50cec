package io.gpuctl.api.problem;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;

/** Opaque cursors of listings: what they hold is nobody's business, so that it can change. */
public final class Cursors {

    private static final String ALLOWED = "the next_cursor of a page of this very listing";

    private Cursors() {}

    public static String encode(String place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    /** Fails with a {@link ProblemException} (400) if it is not one of ours. */
    public static <T> T decode(String cursor, Function<String, T> parser) {
        try {
            return parser.apply(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) { // Not base64, not a number, not an id: all are this.
            throw Parameters.invalid("cursor", cursor, ALLOWED);
        }
    }

    /** The place of a fact in a history. */
    public static String ofSequence(long sequence) {
        return encode(Long.toString(sequence));
    }

    /** The sequence of the last fact of the page before. Fails like {@link #decode}. */
    public static long sequence(String cursor) {
        return decode(cursor, place -> {
            long sequence = Long.parseLong(place);
            if (sequence < 1 || sequence == Long.MAX_VALUE) {
                throw new IllegalArgumentException("no sequence");
            }
            return sequence;
        });
    }
}
