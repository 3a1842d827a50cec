package io.gpuctl.experiments.trace;

import io.gpuctl.events.InvalidFieldException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/** Numbers as traces write them. Each method throws {@link InvalidFieldException} for anything else. */
final class Numbers {

    private static final Pattern WHOLE = Pattern.compile("\\d+");

    /** More digits before or behind the point would be a mistake, and take long to compute with. */
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,15}(\\.\\d{1,15})?");

    private static final BigDecimal MS_PER_SECOND = BigDecimal.valueOf(1_000);

    private Numbers() {}

    static long whole(String field, String value, int digitsMax) {
        if (value.length() > digitsMax || !WHOLE.matcher(value).matches()) {
            throw new InvalidFieldException(
                    field, "'" + value + "'", "a whole number of at most " + digitsMax + " digits");
        }
        return Long.parseLong(value);
    }

    static double decimal(String field, String value) {
        return exact(field, value).doubleValue();
    }

    /** Seconds in whole ms, half a ms rounded up. */
    static long secondsToMs(String field, String value) {
        return exact(field, value)
                .multiply(MS_PER_SECOND)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private static BigDecimal exact(String field, String value) {
        if (!DECIMAL.matcher(value).matches()) {
            throw new InvalidFieldException(
                    field, "'" + value + "'", "a number of at most 15 digits, perhaps with a fraction");
        }
        return new BigDecimal(value);
    }
}
