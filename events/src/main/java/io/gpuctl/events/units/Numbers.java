package io.gpuctl.events.units;

import io.gpuctl.events.InvalidFieldException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * Numbers as files write them. A whole number may be written as {@code 4}, {@code 4.0} or {@code 1e+05}. Each method
 * throws {@link InvalidFieldException} for anything else.
 */
public final class Numbers {

    /** The maximum number of digits before the point: more digits are a mistake. */
    private static final int DIGITS_MAX = 15;

    private static final BigDecimal MS_PER_SECOND = BigDecimal.valueOf(1_000);

    private Numbers() {}

    /** Reads a whole number, 0 or more. */
    public static long whole(String field, String value, int digitsMax) {
        return Decimals.parse(value)
                .filter(number -> number.signum() >= 0 && digits(number) <= digitsMax)
                .flatMap(Numbers::exactly)
                .orElseThrow(() -> new InvalidFieldException(
                        field, "'" + value + "'", "a whole number of at most " + digitsMax + " digits"));
    }

    /** Returns the number as a long; empty if it has a fraction, or is larger than any long. */
    public static Optional<Long> exactly(BigDecimal number) {
        return digits(number) <= 19 && number.stripTrailingZeros().scale() <= 0
                ? Optional.of(number)
                        .filter(whole -> whole.toBigInteger().bitLength() < Long.SIZE)
                        .map(BigDecimal::longValue)
                : Optional.empty();
    }

    /** Reads a number, 0 or more. */
    public static double decimal(String field, String value) {
        return exact(field, value).doubleValue();
    }

    /** Reads a number of seconds as whole ms; half a ms is rounded up. */
    public static long secondsToMs(String field, String value) {
        return exact(field, value)
                .multiply(MS_PER_SECOND)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private static BigDecimal exact(String field, String value) {
        return Decimals.parse(value)
                .filter(number -> number.signum() >= 0 && digits(number) <= DIGITS_MAX)
                .orElseThrow(() -> new InvalidFieldException(
                        field,
                        "'" + value + "'",
                        "a number of at most " + DIGITS_MAX + " digits, perhaps with a fraction"));
    }

    /** Returns the number of digits before the point. */
    private static int digits(BigDecimal number) {
        return number.signum() == 0 ? 1 : number.precision() - number.scale();
    }
}
