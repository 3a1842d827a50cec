package io.gpuctl.events.units;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CPU cores: {@code 4}, {@code 0.5}, or in thousandths: {@code 500m}. */
public final class Cpus {

    private static final String EXAMPLES = "4, 0.5 or 500m (thousandths of a core)";
    private static final Pattern CORES = Pattern.compile("(\\d{1,6}(?:\\.\\d+)?)(m?)");

    private Cpus() {}

    /**
     * Reads a number of CPU cores, in thousandths; finer fractions are rounded up.
     *
     * @throws InvalidQuantityException for anything else
     */
    public static long parseMilli(String text) {
        Matcher matcher = CORES.matcher(text.strip());
        if (!matcher.matches()) {
            throw new InvalidQuantityException(text, "is not a number of CPU cores", EXAMPLES);
        }
        BigDecimal number = Decimals.parse(matcher.group(1))
                .orElseThrow(() -> new InvalidQuantityException(text, "has too many digits", EXAMPLES));
        BigDecimal milli = matcher.group(2).isEmpty() ? number.movePointRight(3) : number;
        return milli.setScale(0, RoundingMode.CEILING).longValueExact();
    }

    /** Formats a number of cores, given in thousandths: {@code 4}, {@code 0.5}. */
    public static String human(long milli) {
        return BigDecimal.valueOf(milli, 3).stripTrailingZeros().toPlainString();
    }
}
