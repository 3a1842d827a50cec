package io.gpuctl.events.units;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Decimal numbers from untrusted sources. The form of a number is checked before any computation: rescaling or writing
 * out {@code 1e-100000000} takes minutes and gigabytes, although its {@link BigDecimal} is small. Every finite double
 * passes the check.
 */
public final class Decimals {
    /** The maximum number of digits before the exponent, including leading zeros. */
    public static final int DIGITS_MAX = 100;

    /** The largest exponent. It is above the exponents of all doubles, which range from 1e-324 to 1e308. */
    public static final int EXPONENT_MAX = 400;

    public static final String ALLOWED = "a number of at most " + DIGITS_MAX + " digits, with an exponent from -"
            + EXPONENT_MAX + " to " + EXPONENT_MAX;

    private Decimals() {}

    /**
     * Returns whether a text is a number that is safe to compute with: an optional sign, digits with an optional point,
     * and an optional exponent. Takes time linear in the length of the text.
     */
    public static boolean isAllowed(CharSequence text) {
        int place = signEnd(text, 0);
        int digits = 0;
        int points = 0;
        while (place < text.length() && (isDigit(text.charAt(place)) || text.charAt(place) == '.')) {
            if (text.charAt(place) == '.') {
                points++;
            } else {
                digits++;
            }
            place++;
        }
        return digits > 0 && digits <= DIGITS_MAX && points <= 1 && isAllowedExponent(text, place);
    }

    private static boolean isAllowedExponent(CharSequence text, int begin) {
        if (begin == text.length()) {
            return true;
        }
        int place = signEnd(text, begin + 1);
        if ((text.charAt(begin) | 0x20) != 'e' || place == text.length()) {
            return false;
        }
        int exponent = 0;
        for (; place < text.length(); place++) {
            if (!isDigit(text.charAt(place)) || exponent > EXPONENT_MAX) {
                return false;
            }
            exponent = exponent * 10 + text.charAt(place) - '0';
        }
        return exponent <= EXPONENT_MAX;
    }

    private static int signEnd(CharSequence text, int place) {
        boolean hasSign = place < text.length() && (text.charAt(place) == '-' || text.charAt(place) == '+');
        return hasSign ? place + 1 : place;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Returns the number; empty if the text is not a number that is safe to compute with. */
    public static Optional<BigDecimal> parse(String text) {
        String number = text.strip();
        return isAllowed(number) ? Optional.of(new BigDecimal(number)) : Optional.empty();
    }
}
