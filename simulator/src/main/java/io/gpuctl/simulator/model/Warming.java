package io.gpuctl.simulator.model;

/**
 * How much warmer than its inlet a GPU is while power and fans stay: steady + die e^(-t/dieTau) + sink e^(-t/sinkTau).
 *
 * <p>{@link StrictMath}, not {@link Math}: the last bit may decide in which millisecond a task ends, and must be the same
 * on every machine.
 *
 * @param from where the stages begin
 * @param to where they tend to
 * @param sinkTimeConstantMs above that of the die
 */
record Warming(Rise from, Rise to, double dieTimeConstantMs, double sinkTimeConstantMs) {
    /** A time that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    /** After so many time constants nothing is left of a way that a double could tell. */
    private static final int TIME_CONSTANTS_MAX = 64;

    /** What the die's stage and the heat sink's add to the inlet's temperature, in kelvins. */
    record Rise(double die, double sink) {
        double total() {
            return die + sink;
        }
    }

    Rise at(long elapsedMs) {
        if (elapsedMs == 0) {
            return from;
        }
        return new Rise(
                to.die + (from.die - to.die) * StrictMath.exp(-elapsedMs / dieTimeConstantMs),
                to.sink + (from.sink - to.sink) * StrictMath.exp(-elapsedMs / sinkTimeConstantMs));
    }

    /** It never gets warmer than this. */
    double totalMax() {
        return Math.max(from.die, to.die) + Math.max(from.sink, to.sink);
    }

    /** It never gets cooler than this. */
    double totalMin() {
        return Math.min(from.die, to.die) + Math.min(from.sink, to.sink);
    }

    /** The first whole millisecond, at least 1, with at least so many kelvins; to be asked below them. */
    long firstAtOrAboveMs(double kelvins) {
        return totalMax() < kelvins ? NEVER : firstMs(kelvins, 1);
    }

    /** The first whole millisecond, at least 1, with at most so many kelvins; to be asked above them. */
    long firstAtOrBelowMs(double kelvins) {
        return totalMin() > kelvins ? NEVER : firstMs(kelvins, -1);
    }

    /** The sum of two exponentials turns once at most: before and after that, halving finds the moment. */
    private long firstMs(double kelvins, int sign) {
        long turnMs = turnMs();
        if (turnMs > 0 && isBeyond(turnMs, kelvins, sign)) {
            return firstBetween(0, turnMs, kelvins, sign);
        }
        long endMs = (long) Math.ceil(sinkTimeConstantMs * TIME_CONSTANTS_MAX);
        return isBeyond(endMs, kelvins, sign) ? firstBetween(turnMs, endMs, kelvins, sign) : NEVER;
    }

    private boolean isBeyond(long elapsedMs, double kelvins, int sign) {
        return sign * (at(elapsedMs).total() - kelvins) >= 0;
    }

    private long firstBetween(long beforeMs, long notBeforeMs, double kelvins, int sign) {
        long low = beforeMs;
        long high = notBeforeMs;
        while (high - low > 1) {
            long middle = (low + high) >>> 1;
            if (isBeyond(middle, kelvins, sign)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.max(1, high);
    }

    /** Where warming turns into cooling or the other way round; 0 if nowhere. */
    private long turnMs() {
        double dieRate = (from.die - to.die) / dieTimeConstantMs;
        double sinkRate = (from.sink - to.sink) / sinkTimeConstantMs;
        double ratio = -dieRate / sinkRate;
        if (!Double.isFinite(ratio) || ratio <= 1) {
            return 0;
        }
        return Math.round(StrictMath.log(ratio) / (1 / dieTimeConstantMs - 1 / sinkTimeConstantMs));
    }
}
