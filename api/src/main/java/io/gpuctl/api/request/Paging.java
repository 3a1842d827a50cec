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
 * Reads the parameters {@code limit} and {@code cursor} of a listing, and creates the cursor of the next page. Cursors
 * are opaque to clients, so that their content can change.
 */
public final class Paging {

    /** Maximum number of entries that a client may request. */
    public static final int LIMIT_MAX = Views.LIMIT_MAX;

    private static final int LIMIT_DEFAULT = 100;

    /** Follows the name of the entries in the description of {@code limit}. */
    public static final String RANGE = " on a page, 1 to " + LIMIT_MAX;

    /** Follows the range in the description of {@code limit}. */
    public static final String DEFAULT = "; " + LIMIT_DEFAULT + " if absent.";

    private static final String CURSORS_ALLOWED = "the next_cursor of a page of the same listing";

    private Paging() {}

    /** Returns the maximum size of a page. Fails with a {@link ProblemException} (400) if the limit is not allowed. */
    public static int size(@Nullable String limit) {
        return size(limit, LIMIT_MAX);
    }

    /** Returns the maximum size of a page, for a listing with shorter pages. */
    public static int size(@Nullable String limit, int max) {
        return Parameters.wholeNumber("limit", limit, LIMIT_DEFAULT, 1, max);
    }

    /**
     * Returns the place of the last entry of the previous page; null for the first page.
     *
     * @param parser parses a place; fails with an {@link IllegalArgumentException} if the text is not a place
     * @throws ProblemException (400) if the cursor is not valid
     */
    public static <T> @Nullable T after(@Nullable String cursor, Function<String, T> parser) {
        return cursor == null ? null : decode(cursor, parser);
    }

    /** Returns the sequence of the last fact of the previous page of a history; 0 for the first page. */
    public static long afterSequence(@Nullable String cursor) {
        return cursor == null ? 0 : decode(cursor, Paging::sequence);
    }

    private static <T> T decode(String cursor, Function<String, T> parser) {
        try {
            return parser.apply(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) { // Not base64, not a number or not an id.
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
     * Returns the cursor of the next page; null if there is none. If the last page is full, an empty page follows it.
     *
     * @param allocations returns the number of allocations of an entry, see {@link PageEnd}
     * @param place returns the place of an entry in the listing
     */
    public static <E> @Nullable String next(
            List<E> page, int size, ToIntFunction<E> allocations, Function<E, String> place) {
        return PageEnd.isFull(page, size, allocations) ? encode(place.apply(page.getLast())) : null;
    }

    /** Returns the cursor of a place. */
    public static String encode(String place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }
}
