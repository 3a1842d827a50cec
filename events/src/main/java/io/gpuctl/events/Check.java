package io.gpuctl.events;

import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules that the constructors of this package share. Each throws {@link InvalidFieldException}. */
final class Check {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private Check() {}

    static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidFieldException(field, "missing", "present");
        }
        return value;
    }

    static String identifier(String field, @Nullable String value) {
        String given = present(field, value);
        if (!IDENTIFIER.matcher(given).matches()) {
            throw new InvalidFieldException(
                    field,
                    "'" + given + "'",
                    "1 to 128 letters, digits, dots, underscores or hyphens that begin with a letter or digit");
        }
        return given;
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

    static <T extends Collection<?>> T maxSize(String field, @Nullable T value, int max) {
        T given = present(field, value);
        if (given.size() > max) {
            throw new InvalidFieldException(field, given.size() + " entries long", "at most " + max + " entries");
        }
        return given;
    }
}
