package io.gpuctl.cli.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a point in time, written as a date or as a number as in records, as ms since the epoch. */
public final class TimestampConverter implements ITypeConverter<Long> {

    /** Numbers between the limits are seconds, 2001 to 5138: as milliseconds they would all be from 1970 to 1973. */
    private static final long SECONDS_MIN = 1_000_000_000L;

    private static final long SECONDS_MAX = 100_000_000_000L;

    /** Numbers from here on are microseconds or nanoseconds: as milliseconds they would be after the year 5138. */
    private static final long MICROSECONDS_MIN = 100_000_000_000_000L;

    @Override
    public Long convert(String text) {
        try {
            return text.matches("\\d+")
                    ? milliseconds(text, Long.parseLong(text))
                    : OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
            throw new TypeConversionException(
                    "'%s' is not a time: write 2026-01-31T12:00:00Z, 2026-01-31T12:00:00+01:00, or milliseconds since 1970"
                            .formatted(text));
        }
    }

    private static long milliseconds(String text, long number) {
        if (number >= SECONDS_MIN && number < SECONDS_MAX) {
            throw new TypeConversionException(
                    "'%s' is %s in milliseconds since 1970, but %s in seconds: write %s000 for seconds, or the date"
                            .formatted(text, Instant.ofEpochMilli(number), Instant.ofEpochSecond(number), text));
        }
        if (number >= MICROSECONDS_MIN) {
            throw new TypeConversionException(
                    "'%s' is too large for milliseconds since 1970: is it in microseconds or nanoseconds?"
                            .formatted(text));
        }
        return number;
    }
}
