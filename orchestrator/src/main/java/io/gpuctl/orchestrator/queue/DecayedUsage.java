package io.gpuctl.orchestrator.queue;

/**
 * What was held of a resource, where the past counts less the longer ago it is: half as much after each half-life. It
 * is brought forward only when the held amount changes, without samples in between.
 *
 * @param amountMs the decayed amount, integrated over time: in units of the resource times ms
 * @param atMs the time up to which {@code amountMs} counts, ms
 */
public record DecayedUsage(double amountMs, long atMs) {

    /** Returns zero usage as of {@code atMs}. */
    public static DecayedUsage none(long atMs) {
        return new DecayedUsage(0, atMs);
    }

    /**
     * Returns the use at a later time. Time does not go back: for an earlier one nothing changes.
     *
     * @param held what was held since {@link #atMs}
     */
    public DecayedUsage until(long laterMs, long held, long halfLifeMs) {
        if (laterMs <= atMs) {
            return this;
        }
        double decayMs = halfLifeMs / StrictMath.log(2);
        double lost = -StrictMath.expm1(-(laterMs - atMs) / decayMs); // Exact for short times too.
        return new DecayedUsage(amountMs * (1 - lost) + held * decayMs * lost, laterMs);
    }

    /** Returns this as a part of all that there was; 0 if there was nothing. Both must be of the same time. */
    public double partOf(DecayedUsage all) {
        return all.amountMs == 0 ? 0 : amountMs / all.amountMs;
    }
}
