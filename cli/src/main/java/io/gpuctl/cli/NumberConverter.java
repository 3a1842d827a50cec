package io.gpuctl.cli;

import io.gpuctl.events.units.Decimals;
import io.gpuctl.events.units.PlainText;
import java.math.BigDecimal;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the decimal numbers of all options. The converter of picocli also accepts NaN, hexadecimal numbers, and values
 * that cannot be used in calculations.
 */
final class NumberConverter {

    private NumberConverter() {}

    /** Registers the converter for a command and its subcommands. */
    static void register(CommandLine root) {
        root.registerConverter(BigDecimal.class, NumberConverter::number);
        root.registerConverter(Double.class, text -> number(text).doubleValue());
        root.registerConverter(double.class, text -> number(text).doubleValue());
    }

    private static BigDecimal number(String text) {
        return Decimals.parse(text)
                .orElseThrow(() -> new TypeConversionException(
                        "'%s' is not a number such as 2, 0.5 or 1e-3".formatted(PlainText.quoted(text))));
    }
}
