package io.gpuctl.events.form;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Between the units of the log and those of people. */
public final class Units {

    static final long MIB_PER_GIB = 1024;
    static final long MS_PER_SECOND = 1000;

    private Units() {}

    /** Exact, and without trailing zeros: 16, 0.5. */
    public static BigDecimal gib(long mib) {
        var gib =
                BigDecimal.valueOf(mib).divide(BigDecimal.valueOf(MIB_PER_GIB)).stripTrailingZeros();
        return gib.scale() < 0 ? gib.setScale(0) : gib;
    }

    /** MiB of GiB. Rounded up: a task never gets less than it asked for. */
    static long mib(BigDecimal gib) {
        return gib.multiply(BigDecimal.valueOf(MIB_PER_GIB))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    /** Seconds of ms, GPUs of milli: exact, and without trailing zeros: 60, 0.5. */
    public static BigDecimal thousandths(long thousandths) {
        var whole = BigDecimal.valueOf(thousandths, 3).stripTrailingZeros();
        return whole.scale() < 0 ? whole.setScale(0) : whole;
    }

    /** Ms of seconds, milli of GPUs; the number has at most three decimals. */
    static long toThousandths(BigDecimal whole) {
        return whole.movePointRight(3).longValueExact();
    }
}
