package io.gpuctl.api.tasks;

import java.math.BigDecimal;

/** Between the units of the log and those of people. */
final class Units {

    private static final BigDecimal MIB_PER_GIB = BigDecimal.valueOf(1024);

    private Units() {}

    /** Exact, and without trailing zeros: 16, 0.5. */
    static BigDecimal gib(long mib) {
        var gib = BigDecimal.valueOf(mib).divide(MIB_PER_GIB).stripTrailingZeros();
        return gib.scale() < 0 ? gib.setScale(0) : gib;
    }

    /** Seconds of ms, GPUs of milli: exact, and without trailing zeros: 60, 0.5. */
    static BigDecimal thousandths(long thousandths) {
        var whole = BigDecimal.valueOf(thousandths, 3).stripTrailingZeros();
        return whole.scale() < 0 ? whole.setScale(0) : whole;
    }
}
