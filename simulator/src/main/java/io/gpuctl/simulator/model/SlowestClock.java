package io.gpuctl.simulator.model;

import java.util.List;

/**
 * The speed of an attempt: the speed of its slowest GPU, or full clock without GPUs, reduced by slowdowns of the node
 * that no clock shows. A part of a gang is also held up by the other parts.
 *
 * <p>Work is counted in thousandths of a millisecond at full clock, in whole numbers: the parts of any span add up to
 * the whole. Clocks change only a few times before they settle, so computing any span is fast.
 *
 * @param gpus valid as long as the load of no GPU changes
 * @param paceMilli thousandths of the work that the clock would do, at least 1
 * @param others the own clocks of the parts of the gang that hold it up; may include its own clock
 */
record SlowestClock(List<ThermalPath> gpus, int paceMilli, List<SlowestClock> others) {
    SlowestClock(List<ThermalPath> gpus, int paceMilli) {
        this(gpus, paceMilli, List.of());
    }

    SlowestClock heldUpBy(List<SlowestClock> slower) {
        return new SlowestClock(gpus, paceMilli, slower);
    }

    /** Returns the work done between two times. */
    long workMicro(long fromMs, long toMs) {
        long workMicro = 0;
        long atMs = fromMs;
        while (atMs < toMs) {
            long stepEndMs = Math.min(toMs, nextChangeMs(atMs));
            workMicro += (stepEndMs - atMs) * milliAt(atMs);
            atMs = stepEndMs;
        }
        return workMicro;
    }

    /** Returns the first whole millisecond at which work that begins at {@code fromMs} is done. */
    long doneMs(long fromMs, long workMicro) {
        long leftMicro = workMicro;
        long atMs = fromMs;
        while (leftMicro > 0) {
            int milli = milliAt(atMs);
            long neededMs = Math.ceilDiv(leftMicro, milli);
            long stepMs = Math.min(neededMs, nextChangeMs(atMs) - atMs);
            leftMicro -= stepMs * milli;
            atMs += stepMs;
        }
        return atMs;
    }

    /** Returns whether the attempt works at full clock and pace from {@code atMs} on. */
    boolean isFullFrom(long atMs) {
        return milliAt(atMs) == Clocks.BOOST_MILLI && nextChangeMs(atMs) == ThermalPath.NEVER;
    }

    private int milliAt(long atMs) {
        int slowest = Clocks.BOOST_MILLI;
        for (var gpu : gpus) {
            slowest = Math.min(slowest, gpu.clockMilliAt(atMs));
        }
        if (paceMilli != Clocks.BOOST_MILLI) {
            slowest = Math.max(1, slowest * paceMilli / Clocks.BOOST_MILLI);
        }
        for (var other : others) {
            slowest = Math.min(slowest, other.milliAt(atMs));
        }
        return slowest;
    }

    private long nextChangeMs(long atMs) {
        long next = ThermalPath.NEVER;
        for (var gpu : gpus) {
            next = Math.min(next, gpu.nextChangeMs(atMs));
        }
        for (var other : others) {
            next = Math.min(next, other.nextChangeMs(atMs));
        }
        return next;
    }
}
