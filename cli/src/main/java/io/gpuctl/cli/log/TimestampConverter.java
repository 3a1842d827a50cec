package io.gpuctl.cli.log;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A point in time, as people write it or as it stands in a record, in ms since the epoch. */
final class TimestampConverter implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        try {
            return text.matches("\\d+")
                    ? Long.parseLong(text)
                    : OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
            throw new TypeConversionException(
                    "'%s' is no time: write 2026-01-31T12:00:00Z, 2026-01-31T12:00:00+01:00, or milliseconds since 1970"
                            .formatted(text));
        }
    }
}
