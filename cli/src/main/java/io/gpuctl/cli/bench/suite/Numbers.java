package io.gpuctl.cli.bench.suite;

import java.util.Locale;

/** Numbers for people. */
final class Numbers {
    private Numbers() {}

    /** Returns a number with about three significant digits: 12,800, 45.2, 0.047. */
    static String text(double number) {
        double size = Math.abs(number);
        int decimals = number == Math.rint(number) || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", number);
    }
}
