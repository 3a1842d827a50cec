package io.gpuctl.events.form;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Conversions between the units of the log and the units that people use. */
public final class Units {

    static final long MIB_PER_GIB = 1024;
    static final long MS_PER_SECOND = 1000;

    private Units() {}

    /** Converts MiB to GiB, exactly and without trailing zeros: 16, 0.5. */
    public static BigDecimal gib(long mib) {
        var gib =
                BigDecimal.valueOf(mib).divide(BigDecimal.valueOf(MIB_PER_GIB)).stripTrailingZeros();
        return gib.scale() < 0 ? gib.setScale(0) : gib;
    }

    /** Converts GiB to MiB, rounded up: a task never gets less than it asked for. */
    static long mib(BigDecimal gib) {
        return gib.multiply(BigDecimal.valueOf(MIB_PER_GIB))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    /** Converts ms to seconds, or milli to GPUs, exactly and without trailing zeros: 60, 0.5. */
    public static BigDecimal thousandths(long thousandths) {
        var whole = BigDecimal.valueOf(thousandths, 3).stripTrailingZeros();
        return whole.scale() < 0 ? whole.setScale(0) : whole;
    }

    /** Converts seconds to ms, or GPUs to milli; the number has at most three decimals. */
    static long toThousandths(BigDecimal whole) {
        return whole.movePointRight(3).longValueExact();
    }
}
