package io.gpuctl.experiments.result.files;

import io.gpuctl.events.units.Decimals;
import java.math.BigDecimal;

/** Writes lines of comma-separated values (RFC 4180) that end in a line feed. */
final class Csv {

    private static final String FORMULA_BEGINS = "=+-@\t\r";

    private Csv() {}

    static String line(String... cells) {
        StringBuilder line = new StringBuilder();
        for (String cell : cells) {
            line.append(line.isEmpty() ? "" : ",").append(quoted(cell));
        }
        return line.append('\n').toString();
    }

    private static String quoted(String cell) {
        String text = isFormula(cell) ? "'" + cell : cell;
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /**
     * Returns whether a spreadsheet would evaluate the cell, such as a user called {@code =HYPERLINK(...)}. An
     * apostrophe makes such a cell text.
     */
    private static boolean isFormula(String cell) {
        return !cell.isEmpty() && FORMULA_BEGINS.indexOf(cell.charAt(0)) >= 0 && !Decimals.isAllowed(cell);
    }

    /**
     * Returns the shortest decimals that read back as the same double, without an exponent: 5, not 5.0; 0.00001, not
     * 1.0E-5.
     *
     * @param value finite
     */
    static String number(double value) {
        // Covers 0.0 and -0.0, because BigDecimal has only one zero.
        return value == 0
                ? "0"
                : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
