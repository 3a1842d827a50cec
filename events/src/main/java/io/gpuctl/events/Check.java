package io.gpuctl.events;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules that the constructors of this package share. Each throws {@link InvalidFieldException}. */
final class Check {
    private static final int IDENTIFIER_LENGTH_MAX = 128;

    private Check() {}

    static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidFieldException(field, "missing", "present");
        }
        return value;
    }

    static String identifier(String field, @Nullable String value) {
        String given = present(field, value);
        if (!isIdentifier(given)) {
            throw new InvalidFieldException(
                    field,
                    "'" + given + "'",
                    "1 to 128 letters, digits, dots, underscores or hyphens that begin with a letter or digit");
        }
        return given;
    }

    /**
     * Checks without a regular expression: every record has several identifiers, and the expression took a thirtieth of
     * all CPU time.
     */
    private static boolean isIdentifier(String text) {
        if (text.isEmpty() || text.length() > IDENTIFIER_LENGTH_MAX || !isLetterOrDigit(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    static long inRange(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidFieldException(field, value, "a number from " + min + " to " + max);
        }
        return value;
    }

    static int inRange(String field, int value, int min, int max) {
        return Math.toIntExact(inRange(field, (long) value, min, max));
    }

    static double inRange(String field, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new InvalidFieldException(field, value, "a number from " + min + " to " + max);
        }
        return value;
    }

    static String maxLength(String field, @Nullable String value, int max) {
        String given = present(field, value);
        if (given.length() > max) {
            throw new InvalidFieldException(
                    field, given.length() + " characters long", "at most " + max + " characters");
        }
        return given;
    }

    /** Requires at most {@code max} texts of at most {@code lengthMax} characters each. */
    static List<String> texts(String field, @Nullable List<String> values, int max, int lengthMax) {
        List<String> given = List.copyOf(maxSize(field, values, max));
        given.forEach(value -> maxLength(field, value, lengthMax));
        return given;
    }

    static <T extends Collection<?>> T maxSize(String field, @Nullable T value, int max) {
        T given = present(field, value);
        if (given.size() > max) {
            throw new InvalidFieldException(field, given.size() + " entries long", "at most " + max + " entries");
        }
        return given;
    }
}
