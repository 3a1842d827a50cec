package io.gpuctl.experiments.result.files;

import java.math.BigDecimal;

/** Lines of comma-separated values (RFC 4180), that end in a line feed. */
final class Csv {

    private Csv() {}

    static String line(String... cells) {
        StringBuilder line = new StringBuilder();
        for (String cell : cells) {
            line.append(line.isEmpty() ? "" : ",").append(quoted(cell));
        }
        return line.append('\n').toString();
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    /**
     * The shortest decimals that read back as the same double, without an exponent: 5, not 5.0; 0.00001, not 1.0E-5.
     *
     * @param value finite
     */
    static String number(double value) {
        // 0.0 and -0.0 alike: BigDecimal has but one zero.
        return value == 0
                ? "0"
                : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
