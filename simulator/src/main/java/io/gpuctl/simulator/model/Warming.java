package io.gpuctl.simulator.model;

/**
 * The rise of a GPU above its inlet at constant power and fan speed: steady + die e^(-t/dieTau) + sink e^(-t/sinkTau).
 *
 * <p>{@link StrictMath}, not {@link Math}: the last bit may decide in which millisecond a task ends, and must be the
 * same on every machine.
 *
 * @param from initial rise
 * @param to final rise
 * @param sinkTimeConstantMs larger than that of the die
 */
record Warming(Rise from, Rise to, double dieTimeConstantMs, double sinkTimeConstantMs) {
    /** A time that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    /** After this many time constants, the rest of the way is too small for a double. */
    private static final int TIME_CONSTANTS_MAX = 64;

    /** The temperature rise of the die's stage and the heat sink's stage, in kelvins. */
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

    /** Returns an upper bound of the rise. */
    double totalMax() {
        return Math.max(from.die, to.die) + Math.max(from.sink, to.sink);
    }

    /** Returns a lower bound of the rise. */
    double totalMin() {
        return Math.min(from.die, to.die) + Math.min(from.sink, to.sink);
    }

    /** Returns the first whole millisecond, at least 1, with at least this rise. The initial rise must be lower. */
    long firstAtOrAboveMs(double kelvins) {
        return totalMax() < kelvins ? NEVER : firstMs(kelvins, 1);
    }

    /** Returns the first whole millisecond, at least 1, with at most this rise. The initial rise must be higher. */
    long firstAtOrBelowMs(double kelvins) {
        return totalMin() > kelvins ? NEVER : firstMs(kelvins, -1);
    }

    /** Finds the time by bisection before or after the turn. The sum of two exponentials turns once at most. */
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

    /** Returns when warming turns into cooling or the reverse; 0 if never. */
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
