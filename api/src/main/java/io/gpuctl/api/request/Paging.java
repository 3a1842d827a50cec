package io.gpuctl.api.request;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.telemetry.runtime.PageEnd;
import io.gpuctl.telemetry.runtime.Views;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a listing is read page by page: the parameters {@code limit} and {@code cursor}, and the cursor of the next page.
 * Cursors are opaque to clients, so that what they hold can change.
 */
public final class Paging {

    /** The most entries that a client may ask for. */
    public static final int LIMIT_MAX = Views.LIMIT_MAX;

    private static final int LIMIT_DEFAULT = 100;

    /** In the description of {@code limit}, behind the name of the entries. */
    public static final String RANGE = " on a page, 1 to " + LIMIT_MAX;

    /** In the description of {@code limit}, behind the range. */
    public static final String DEFAULT = "; " + LIMIT_DEFAULT + " if absent.";

    private static final String CURSORS_ALLOWED = "the next_cursor of a page of this very listing";

    private Paging() {}

    /** How many entries a page may have. Fails with a {@link ProblemException} (400) if the limit is not allowed. */
    public static int size(@Nullable String limit) {
        return size(limit, LIMIT_MAX);
    }

    /** As above, for a listing whose pages must be shorter. */
    public static int size(@Nullable String limit, int max) {
        return Parameters.wholeNumber("limit", limit, LIMIT_DEFAULT, 1, max);
    }

    /**
     * The place of the last entry of the page before; null for the first page.
     *
     * @param parser fails with an {@link IllegalArgumentException} if the text is no place
     * @throws ProblemException (400) if the cursor is not one of ours
     */
    public static <T> @Nullable T after(@Nullable String cursor, Function<String, T> parser) {
        return cursor == null ? null : decode(cursor, parser);
    }

    /** As above, of a history: the sequence of the last fact of the page before; 0 for the first page. */
    public static long afterSequence(@Nullable String cursor) {
        return cursor == null ? 0 : decode(cursor, Paging::sequence);
    }

    private static <T> T decode(String cursor, Function<String, T> parser) {
        try {
            return parser.apply(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) { // Not base64, not a number, not an id: all are this.
            throw Parameters.invalid("cursor", cursor, CURSORS_ALLOWED);
        }
    }

    private static long sequence(String place) {
        long sequence = Long.parseLong(place);
        if (sequence < 1 || sequence == Long.MAX_VALUE) {
            throw new IllegalArgumentException("no sequence");
        }
        return sequence;
    }

    /**
     * The cursor of the next page; null if there is none. A full page may be the last one: then the next page is empty.
     *
     * @param allocations how many an entry has, see {@link PageEnd}
     * @param place where an entry stands in the listing
     */
    public static <E> @Nullable String next(
            List<E> page, int size, ToIntFunction<E> allocations, Function<E, String> place) {
        return PageEnd.isFull(page, size, allocations) ? encode(place.apply(page.getLast())) : null;
    }

    /** A cursor of that place. */
    public static String encode(String place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }
}
