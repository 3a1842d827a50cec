package io.gpuctl.simulator.model;

/**
 * The whole future of one GPU under a constant load, from a moment on, if nothing else happens to it.
 *
 * <p>The future is a first phase, and then either rest in the other state or an endless cycle of two phases, throttled
 * and not, of constant lengths. So any moment of it is found without going through those before it, however long the
 * span: there is no integration step.
 *
 * <p>A change of the clock happens in the first whole millisecond in which the threshold is reached, and the GPU then has
 * exactly the threshold's temperature. (That forgets the heat of a fraction of a millisecond, below 0.002 C, and makes
 * the cycle exactly periodic.)
 */
final class ThermalPath {
    private final HeatLaw law;
    private final double utilization;
    private final long startMs;
    private final double startCelsius;
    private final boolean startThrottled;
    private final long firstPhaseMs;
    private final long fullPhaseMs;
    private final long throttledPhaseMs;

    private ThermalPath(HeatLaw law, double utilization, long startMs, double startCelsius, boolean wasThrottled) {
        this.law = law;
        this.utilization = utilization;
        this.startMs = startMs;
        this.startCelsius = startCelsius;
        startThrottled = throttledAtStart(law, utilization, startCelsius, wasThrottled);
        firstPhaseMs = phaseMs(startCelsius, startThrottled);
        fullPhaseMs = phaseMs(law.releaseCelsius(), false);
        throttledPhaseMs = phaseMs(law.slowdownCelsius(), true);
    }

    /** A GPU that has done nothing for long. */
    static ThermalPath idle(HeatLaw law, long startMs) {
        return new ThermalPath(law, 0, startMs, law.steadyCelsius(0, false), false);
    }

    /** What becomes of the GPU if its load changes at {@code atMs}. */
    ThermalPath withLoad(double newUtilization, long atMs) {
        return new ThermalPath(law, newUtilization, atMs, celsiusAt(atMs), isThrottledAt(atMs));
    }

    private static boolean throttledAtStart(
            HeatLaw law, double utilization, double startCelsius, boolean wasThrottled) {
        return wasThrottled
                ? startCelsius > law.releaseCelsius()
                : startCelsius >= law.slowdownCelsius()
                        && law.steadyCelsius(utilization, false) > law.slowdownCelsius();
    }

    private long phaseMs(double fromCelsius, boolean throttled) {
        double endCelsius = throttled ? law.releaseCelsius() : law.slowdownCelsius();
        return law.msUntil(endCelsius, fromCelsius, law.steadyCelsius(utilization, throttled));
    }

    double utilization() {
        return utilization;
    }

    double celsiusAt(long atMs) {
        var phase = phaseAt(atMs);
        double steadyCelsius = law.steadyCelsius(utilization, phase.throttled);
        return law.celsiusAfter(phase.elapsedMs, phase.fromCelsius, steadyCelsius);
    }

    boolean isThrottledAt(long atMs) {
        return phaseAt(atMs).throttled;
    }

    double powerWattsAt(long atMs) {
        return law.powerWatts(utilization, isThrottledAt(atMs));
    }

    /** Thousandths of the full clock; so much of a millisecond's work is done in a millisecond. */
    int clockMilliAt(long atMs) {
        return law.clockMilli(isThrottledAt(atMs));
    }

    /** When the clock changes next after {@code atMs}; {@link HeatLaw#NEVER} if it does not. */
    long nextChangeMs(long atMs) {
        long leftMs = phaseAt(atMs).leftMs;
        return leftMs == HeatLaw.NEVER ? HeatLaw.NEVER : atMs + leftMs;
    }

    /** Length of the cycle of throttling, or 0 if the clock comes to rest. */
    long cycleMs() {
        return cycles() ? fullPhaseMs + throttledPhaseMs : 0;
    }

    /** From when on the clock is periodic or at rest. */
    long settledMs() {
        return firstPhaseMs == HeatLaw.NEVER ? startMs : startMs + firstPhaseMs;
    }

    private boolean cycles() {
        return firstPhaseMs != HeatLaw.NEVER && fullPhaseMs != HeatLaw.NEVER && throttledPhaseMs != HeatLaw.NEVER;
    }

    /**
     * @param fromCelsius temperature at the beginning of the phase
     * @param elapsedMs since the beginning of the phase
     * @param leftMs until its end
     */
    private record Phase(boolean throttled, double fromCelsius, long elapsedMs, long leftMs) {
        static Phase of(boolean throttled, double fromCelsius, long elapsedMs, long lengthMs) {
            return new Phase(
                    throttled,
                    fromCelsius,
                    elapsedMs,
                    lengthMs == HeatLaw.NEVER ? HeatLaw.NEVER : lengthMs - elapsedMs);
        }
    }

    private Phase phaseAt(long atMs) {
        long elapsedMs = atMs - startMs;
        if (elapsedMs < firstPhaseMs) {
            return Phase.of(startThrottled, startCelsius, elapsedMs, firstPhaseMs);
        }
        long sinceSettledMs = elapsedMs - firstPhaseMs;
        boolean throttled = !startThrottled;
        long lengthMs = throttled ? throttledPhaseMs : fullPhaseMs;
        if (!cycles()) {
            return Phase.of(throttled, entryCelsius(throttled), sinceSettledMs, lengthMs);
        }
        long inCycleMs = sinceSettledMs % cycleMs();
        return inCycleMs < lengthMs
                ? Phase.of(throttled, entryCelsius(throttled), inCycleMs, lengthMs)
                : Phase.of(!throttled, entryCelsius(!throttled), inCycleMs - lengthMs, cycleMs() - lengthMs);
    }

    private double entryCelsius(boolean throttled) {
        return throttled ? law.slowdownCelsius() : law.releaseCelsius();
    }
}
