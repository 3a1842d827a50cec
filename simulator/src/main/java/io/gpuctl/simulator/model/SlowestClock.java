package io.gpuctl.simulator.model;

import java.util.List;

/**
 * How fast an attempt works: as fast as the slowest of its GPUs, at full clock if it has none; and at the node's pace, if
 * something slows it down that no clock shows. A part of a gang is held up by the others.
 *
 * <p>Work is counted in thousandths of a millisecond at full clock, in whole numbers: the sum over any division of a
 * span is that of the span. Clocks change a few times and then rest, so no span takes long.
 *
 * @param gpus hold as long as the load of none changes
 * @param paceMilli thousandths of the work that the clock would do, at least 1
 * @param others the own clocks of parts of its gang that hold it up; its own may be among them
 */
record SlowestClock(List<ThermalPath> gpus, int paceMilli, List<SlowestClock> others) {
    SlowestClock(List<ThermalPath> gpus, int paceMilli) {
        this(gpus, paceMilli, List.of());
    }

    SlowestClock heldUpBy(List<SlowestClock> slower) {
        return new SlowestClock(gpus, paceMilli, slower);
    }

    /** The work that is done from one moment to another. */
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

    /** The first whole millisecond at which work that begins at {@code fromMs} is done. */
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

    /** Whether it works at full clock and pace from then on. */
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
