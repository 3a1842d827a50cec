package io.gpuctl.experiments.result.report;

import java.util.Locale;

/** Formats numbers for readers: with only meaningful digits, and with separated thousands. */
final class HumanNumber {

    private static final double MINUTE = 60;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;

    private static final TimeUnit SECONDS = new TimeUnit("s", 1);
    private static final TimeUnit MINUTES = new TimeUnit("min", MINUTE);
    private static final TimeUnit HOURS = new TimeUnit("h", HOUR);
    private static final TimeUnit DAYS = new TimeUnit("d", DAY);

    private HumanNumber() {}

    /** A unit of time and its length. */
    record TimeUnit(String symbol, double seconds) {}

    /** Returns the largest unit in which the duration is at least 2; seconds for shorter durations. */
    static TimeUnit timeUnit(double seconds) {
        if (seconds < 2 * MINUTE) {
            return SECONDS;
        } else if (seconds < 2 * HOUR) {
            return MINUTES;
        } else if (seconds < 2 * DAY) {
            return HOURS;
        }
        return DAYS;
    }

    /** Formats a duration, such as 1.5 h. */
    static String duration(double seconds) {
        TimeUnit unit = timeUnit(seconds);
        double value = seconds / unit.seconds();
        return fixed(value, decimals(value)) + " " + unit.symbol();
    }

    /** Formats a duration that is a round number of its unit, such as 10 min on an axis. */
    static String roundDuration(double seconds) {
        TimeUnit unit = largestUnitIn(seconds);
        return plain(seconds / unit.seconds()) + " " + unit.symbol();
    }

    private static TimeUnit largestUnitIn(double seconds) {
        if (seconds < MINUTE) {
            return SECONDS;
        } else if (seconds < HOUR) {
            return MINUTES;
        } else if (seconds < DAY) {
            return HOURS;
        }
        return DAYS;
    }

    /** Returns the number of decimals that gives about four digits. */
    static int decimals(double value) {
        double size = Math.abs(value);
        if (size >= 1_000) {
            return 0;
        } else if (size >= 100) {
            return 1;
        } else if (size >= 10) {
            return 2;
        }
        return 3;
    }

    static String fixed(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** Formats a number without trailing zeros. */
    static String plain(double value) {
        String text = fixed(value, 3);
        return text.replaceFirst("\\.?0+$", "");
    }
}
