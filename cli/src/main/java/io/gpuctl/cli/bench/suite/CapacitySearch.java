package io.gpuctl.cli.bench.suite;

import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/**
 * Searches the highest rate that passes: doubles a rate until it fails, then halves the interval between the highest
 * rate that passed and the lowest that failed.
 *
 * @param first the rate to begin with
 * @param lowest no lower rate is tried; if it fails too, the result is 0
 * @param highest no higher rate is tried
 * @param precision the width of the last interval, as a part of the rate that passed
 */
record CapacitySearch(int first, int lowest, int highest, double precision) {

    /** Ends early when {@code hasTime} returns false: then returns the highest rate that passed so far, or 0. */
    int run(IntPredicate passes, BooleanSupplier hasTime) {
        int passed = 0;
        int failed = Integer.MAX_VALUE;
        int rate = first;
        while (hasTime.getAsBoolean()) {
            if (passes.test(rate)) {
                passed = rate;
            } else {
                failed = rate;
            }
            int next = next(passed, failed);
            if (next == rate || next == passed || next >= failed) {
                return passed;
            }
            rate = next;
        }
        return passed;
    }

    private int next(int passed, int failed) {
        if (failed == Integer.MAX_VALUE) {
            return Math.min(2 * passed, highest);
        }
        if (passed == 0) {
            return Math.max(failed / 2, lowest);
        }
        return failed - passed <= precision * passed ? passed : passed + (failed - passed) / 2;
    }
}
