package io.gpuctl.events.units;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory: {@code 40GiB}, {@code 512MiB}, {@code 1.5TiB}; decimal units ({@code 40GB}) are supported. */
public final class Sizes {

    private static final String EXAMPLES = "40GiB, 512MiB or 1.5TiB";

    /** The allowed form, for messages that name a field. */
    public static final String ALLOWED = "a size such as 512MiB, 80GiB, 256Gi or 1TiB";

    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([A-Za-z]*)");
    private static final BigDecimal BYTES_PER_MIB = BigDecimal.valueOf(1L << 20);

    /** 1 EiB: more is a typing mistake. */
    private static final BigDecimal MIB_MAX = BigDecimal.valueOf(1L << 40);

    private Sizes() {}

    /**
     * Reads a size, in MiB; a fraction of a MiB is rounded up, so that no task gets less than it asked for.
     *
     * @throws InvalidQuantityException for anything else, a number without a unit included
     */
    public static long parseMib(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new InvalidQuantityException(text, "is not a size", EXAMPLES);
        }
        BigDecimal number = Decimals.parse(matcher.group(1))
                .orElseThrow(() -> new InvalidQuantityException(text, "has too many digits", EXAMPLES));
        BigDecimal bytes = number.multiply(unitBytes(text, matcher.group(2)));
        BigDecimal mib = bytes.divide(BYTES_PER_MIB, 0, RoundingMode.CEILING);
        if (mib.compareTo(MIB_MAX) > 0) {
            throw new InvalidQuantityException(text, "is too large", EXAMPLES);
        }
        return mib.longValueExact();
    }

    private static BigDecimal unitBytes(String text, String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "" -> throw new InvalidQuantityException(text, "has no unit", EXAMPLES);
            case "kib", "ki" -> BigDecimal.valueOf(1L << 10);
            case "mib", "mi" -> BigDecimal.valueOf(1L << 20);
            case "gib", "gi" -> BigDecimal.valueOf(1L << 30);
            case "tib", "ti" -> BigDecimal.valueOf(1L << 40);
            case "mb" -> BigDecimal.TEN.pow(6);
            case "gb" -> BigDecimal.TEN.pow(9);
            case "tb" -> BigDecimal.TEN.pow(12);
            default ->
                throw new InvalidQuantityException(text, "has the unknown unit " + PlainText.quoted(unit), EXAMPLES);
        };
    }

    /**
     * Formats a size in GiB with at most one decimal, or in MiB below 1 GiB: {@code 80GiB}, {@code 1.5GiB},
     * {@code 512MiB}.
     */
    public static String human(long mib) {
        if (mib < 1_024) {
            return mib + "MiB";
        }
        BigDecimal gib = BigDecimal.valueOf(mib)
                .divide(BigDecimal.valueOf(1_024), MathContext.DECIMAL64)
                .setScale(1, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return gib.toPlainString() + "GiB";
    }
}
