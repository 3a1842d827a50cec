package io.gpuctl.events.units;

import io.gpuctl.events.GpuRequest;
import java.math.BigDecimal;

/** Numbers of GPUs: {@code 2}, or a share of one: {@code 0.5}. */
public final class Gpus {

    private static final String EXAMPLES = "0, 1, 8, or 0.5 for a share of one GPU";

    private Gpus() {}

    /**
     * Reads a number of GPUs: a whole one, or a share of one GPU in steps of a thousandth.
     *
     * @throws InvalidQuantityException for anything else
     */
    public static BigDecimal parse(String text) {
        BigDecimal gpus = number(text);
        if (gpus.signum() < 0) {
            throw new InvalidQuantityException(text, "is negative", EXAMPLES);
        }
        if (gpus.compareTo(BigDecimal.valueOf(GpuRequest.MAX_COUNT)) > 0) {
            throw new InvalidQuantityException(text, "is more than " + GpuRequest.MAX_COUNT + " GPUs", EXAMPLES);
        }
        boolean whole = gpus.stripTrailingZeros().scale() <= 0;
        if (!whole && gpus.compareTo(BigDecimal.ONE) > 0) {
            throw new InvalidQuantityException(text, "is neither a whole number nor a share of one GPU", EXAMPLES);
        }
        if (gpus.stripTrailingZeros().scale() > 3) {
            throw new InvalidQuantityException(text, "is finer than a thousandth of a GPU", EXAMPLES);
        }
        return gpus;
    }

    private static BigDecimal number(String text) {
        return Decimals.parse(text)
                .orElseThrow(() -> new InvalidQuantityException(text, "is not a number of GPUs", EXAMPLES));
    }

    /** Formats a number of GPUs, given in thousandths: {@code 2}, {@code 0.5}. */
    public static String human(long milli) {
        return BigDecimal.valueOf(milli, 3).stripTrailingZeros().toPlainString();
    }
}
