package io.gpuctl.events.units;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 90s}, {@code 1h30m}, {@code 1.5h}, {@code 250ms}. */
public final class Durations {

    private static final String EXAMPLES = "30s, 5m, 1h30m, 2d or 250ms";
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)");

    /** About 1,000 years: longer durations are typing mistakes, and would overflow a long of milliseconds. */
    private static final BigDecimal MILLIS_MAX =
            BigDecimal.valueOf(Duration.ofDays(365_000).toMillis());

    private Durations() {}

    /**
     * Reads a duration in whole milliseconds. Finer fractions are cut off, but a duration above 0 never becomes 0.
     *
     * @throws InvalidQuantityException for anything else, a number without a unit included
     */
    public static Duration parse(String text) {
        String compact = text.replace(" ", "");
        if (compact.startsWith("-")) {
            throw new InvalidQuantityException(text, "is negative", EXAMPLES);
        }
        if (compact.matches("\\d+(\\.\\d+)?")) {
            throw new InvalidQuantityException(text, "has no unit", EXAMPLES);
        }
        return Duration.ofMillis(sumMillis(text, compact));
    }

    private static long sumMillis(String text, String compact) {
        BigDecimal millis = BigDecimal.ZERO;
        Matcher part = PART.matcher(compact);
        int end = 0;
        while (part.find() && part.start() == end) {
            BigDecimal number = Decimals.parse(part.group(1))
                    .orElseThrow(() -> new InvalidQuantityException(text, "has too many digits", EXAMPLES));
            millis = millis.add(number.multiply(BigDecimal.valueOf(unitMillis(part.group(2)))));
            end = part.end();
        }
        if (end == 0 || end != compact.length()) {
            throw new InvalidQuantityException(text, "is not a duration", EXAMPLES);
        }
        if (millis.compareTo(MILLIS_MAX) > 0) {
            throw new InvalidQuantityException(text, "is too long", EXAMPLES);
        }
        if (millis.signum() > 0 && millis.compareTo(BigDecimal.ONE) < 0) {
            throw new InvalidQuantityException(text, "is less than a millisecond", EXAMPLES);
        }
        return millis.longValue();
    }

    private static long unitMillis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> throw new IllegalArgumentException(unit);
        };
    }

    /**
     * Formats a duration in its two largest units that are not 0: {@code 1m 5s}, {@code 2d 3h}; under 10 s with a
     * fraction: {@code 2.5s}.
     */
    public static String human(long millis) {
        if (millis < 0) {
            return "-" + human(-millis);
        }
        if (millis < 10_000 && millis % 1_000 != 0) {
            int decimals = millis < 1_000 ? 3 : 1;
            BigDecimal seconds = BigDecimal.valueOf(millis, 3).setScale(decimals, RoundingMode.HALF_UP);
            return seconds.stripTrailingZeros().toPlainString() + "s";
        }
        long seconds = millis / 1_000;
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return twoUnits(seconds / 60, "m", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return twoUnits(seconds / 3_600, "h", seconds % 3_600 / 60, "m");
        }
        return twoUnits(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h");
    }

    private static String twoUnits(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + " " + small + smallUnit;
    }
}
