package io.gpuctl.simulator.model;

import io.gpuctl.simulator.model.Warming.Rise;
import java.util.ArrayList;
import java.util.List;

/**
 * The future of one GPU from a given time, under a constant load and inlet temperature.
 *
 * <p>The path is a few phases of constant clock and power, the last without end. Each phase has a closed form, so the
 * state at any time is computed directly, without integration steps.
 *
 * <p>At the slowdown temperature, the clock is lowered to the highest at which the GPU ends no warmer than the release
 * temperature. It rises again once the GPU has cooled to the release temperature, unless the GPU would reach the
 * slowdown temperature again: so the clock does not oscillate. If even the lowest clock is too warm, hardware halves it
 * in the same manner. A clock changes in the first whole millisecond in which the threshold is reached.
 */
final class ThermalPath {
    /** A time that never comes. */
    static final long NEVER = Warming.NEVER;

    /** A limit on the phases that heat from an earlier load may cause; not reached in practice. */
    private static final int PHASES_MAX = 16;

    private final HeatLaw law;
    private final Load load;
    private final int cappedClockMilli;
    private final List<Phase> phases;

    /** @param lengthMs until the next phase begins, or {@link #NEVER} */
    private record Phase(
            Slowdown slowdown, int clockMilli, long milliwatts, Warming warming, long startMs, long lengthMs) {
        long endMs() {
            return lengthMs == NEVER ? NEVER : startMs + lengthMs;
        }

        Phase withoutEnd() {
            return new Phase(slowdown, clockMilli, milliwatts, warming, startMs, NEVER);
        }
    }

    private ThermalPath(HeatLaw law, Load load, double inletCelsius, long startMs, Rise from, Slowdown slowdown) {
        this.law = law;
        this.load = load;
        cappedClockMilli = law.cappedClockMilli(load);
        phases = phases(inletCelsius, startMs, from, slowdown);
    }

    /** Returns the path of a GPU that has been idle for long. */
    static ThermalPath idle(HeatLaw law, double inletCelsius, long startMs) {
        return new ThermalPath(law, Load.NONE, inletCelsius, startMs, law.steady(law.idleMilliwatts()), Slowdown.NONE);
    }

    /** Returns the path of a GPU with this temperature rise and thermal throttling. */
    static ThermalPath from(HeatLaw law, Load load, double inletCelsius, long startMs, Rise from, Slowdown slowdown) {
        return new ThermalPath(law, load, inletCelsius, startMs, from, slowdown);
    }

    /** Returns the path of the GPU if its load or inlet temperature changes at {@code atMs}. */
    ThermalPath with(Load newLoad, double inletCelsius, long atMs) {
        var phase = phaseAt(atMs);
        return new ThermalPath(
                law, newLoad, inletCelsius, atMs, phase.warming.at(atMs - phase.startMs), phase.slowdown);
    }

    private List<Phase> phases(double inletCelsius, long startMs, Rise start, Slowdown before) {
        var steps = new Steps(inletCelsius);
        var phase = steps.phase(startMs, start, before);
        if (phase.lengthMs == NEVER) {
            return List.of(phase);
        }
        List<Phase> all = new ArrayList<>();
        all.add(phase);
        while (phase.lengthMs != NEVER && all.size() < PHASES_MAX) {
            phase = steps.phase(phase.endMs(), phase.warming.at(phase.lengthMs), phase.slowdown);
            all.add(phase);
        }
        all.set(all.size() - 1, phase.withoutEnd()); // Beyond the limit, the last phase has no end.
        return List.copyOf(all);
    }

    /** Computes one phase after the other. */
    private final class Steps {
        private final double slowdownKelvins;
        private final double releaseKelvins;
        private final double hardwareKelvins;
        private final double hardwareReleaseKelvins;
        /** The final rise at the clock without thermal throttling. */
        private final double freeKelvins;

        Steps(double inletCelsius) {
            slowdownKelvins = law.slowdownCelsius() - inletCelsius;
            releaseKelvins = law.releaseCelsius() - inletCelsius;
            hardwareKelvins = law.hardwareSlowdownCelsius() - inletCelsius;
            hardwareReleaseKelvins = law.hardwareReleaseCelsius() - inletCelsius;
            freeKelvins = law.steady(law.milliwatts(load, cappedClockMilli)).total();
        }

        Phase phase(long startMs, Rise from, Slowdown before) {
            var slowdown = next(from.total(), before);
            int clockMilli = clockMilli(slowdown);
            long milliwatts = law.milliwatts(load, clockMilli);
            var warming = law.warming(from, milliwatts);
            return new Phase(slowdown, clockMilli, milliwatts, warming, startMs, lengthMs(slowdown, warming));
        }

        private Slowdown next(double kelvins, Slowdown before) {
            return switch (before) {
                case NONE -> kelvins >= slowdownKelvins && needsHolding() ? aboveSlowdown(kelvins) : Slowdown.NONE;
                case SOFTWARE ->
                    !needsHolding() || (kelvins <= releaseKelvins && mayRise())
                            ? Slowdown.NONE
                            : aboveSlowdown(kelvins);
                case HARDWARE ->
                    kelvins <= hardwareReleaseKelvins && hardwareMayRise()
                            ? next(kelvins, Slowdown.SOFTWARE)
                            : Slowdown.HARDWARE;
            };
        }

        private Slowdown aboveSlowdown(double kelvins) {
            return kelvins >= hardwareKelvins ? Slowdown.HARDWARE : Slowdown.SOFTWARE;
        }

        /** Returns whether the GPU needs a lower clock; otherwise it cools down by itself. */
        private boolean needsHolding() {
            return freeKelvins > releaseKelvins;
        }

        /** Returns false if the GPU would reach the slowdown temperature again: the clock would then oscillate. */
        private boolean mayRise() {
            return freeKelvins < slowdownKelvins;
        }

        private boolean hardwareMayRise() {
            return law.steady(law.milliwatts(load, heldClockMilli())).total() < hardwareKelvins;
        }

        private int heldClockMilli() {
            return law.heldClockMilli(load, cappedClockMilli, releaseKelvins);
        }

        private int clockMilli(Slowdown slowdown) {
            return switch (slowdown) {
                case NONE -> cappedClockMilli;
                case SOFTWARE -> heldClockMilli();
                case HARDWARE -> Math.max(1, heldClockMilli() / 2);
            };
        }

        private long lengthMs(Slowdown slowdown, Warming warming) {
            return switch (slowdown) {
                case NONE -> needsHolding() ? warming.firstAtOrAboveMs(slowdownKelvins) : NEVER;
                case SOFTWARE ->
                    Math.min(
                            warming.firstAtOrAboveMs(hardwareKelvins),
                            mayRise() ? warming.firstAtOrBelowMs(releaseKelvins) : NEVER);
                case HARDWARE -> hardwareMayRise() ? warming.firstAtOrBelowMs(hardwareReleaseKelvins) : NEVER;
            };
        }
    }

    Load load() {
        return load;
    }

    /** Returns how much warmer than its inlet the GPU is. */
    double kelvinsAt(long atMs) {
        return riseAt(atMs).total();
    }

    /** Returns the rise of each stage. */
    Rise riseAt(long atMs) {
        var phase = phaseAt(atMs);
        return phase.warming.at(atMs - phase.startMs);
    }

    /** Returns when this path first is this much warmer than the inlet; {@link #NEVER} if it never is. */
    long firstAtOrAboveMs(double kelvins) {
        for (var phase : phases) {
            if (phase.warming.from().total() >= kelvins) {
                return phase.startMs;
            }
            long afterMs = phase.warming.firstAtOrAboveMs(kelvins);
            if (afterMs != NEVER && (phase.lengthMs == NEVER || afterMs < phase.lengthMs)) {
                return phase.startMs + afterMs;
            }
        }
        return NEVER;
    }

    Slowdown slowdownAt(long atMs) {
        return phaseAt(atMs).slowdown;
    }

    boolean isCapped() {
        return cappedClockMilli < Clocks.BOOST_MILLI;
    }

    long milliwattsAt(long atMs) {
        return phaseAt(atMs).milliwatts;
    }

    /** Returns the clock in thousandths of the boost clock, which is also the work done per millisecond. */
    int clockMilliAt(long atMs) {
        return phaseAt(atMs).clockMilli;
    }

    /** Returns when the clock next changes after {@code atMs}; {@link #NEVER} if it does not. */
    long nextChangeMs(long atMs) {
        return phaseAt(atMs).endMs();
    }

    /** Returns the energy between two times, in millionths of a joule. */
    long microjoules(long fromMs, long toMs) {
        long sum = 0;
        for (var phase : phases) {
            sum += phase.milliwatts * overlapMs(phase, fromMs, toMs);
        }
        return sum;
    }

    /** Returns for how long heat lowers the clock between two times. */
    long slowedMs(long fromMs, long toMs) {
        long sum = 0;
        for (var phase : phases) {
            sum += phase.slowdown == Slowdown.NONE ? 0 : overlapMs(phase, fromMs, toMs);
        }
        return sum;
    }

    private static long overlapMs(Phase phase, long fromMs, long toMs) {
        return Math.max(0, Math.min(toMs, phase.endMs()) - Math.max(fromMs, phase.startMs));
    }

    private Phase phaseAt(long atMs) {
        var found = phases.getFirst();
        for (int i = 1; i < phases.size() && phases.get(i).startMs <= atMs; i++) {
            found = phases.get(i);
        }
        return found;
    }
}
