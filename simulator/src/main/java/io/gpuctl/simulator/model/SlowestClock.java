package io.gpuctl.simulator.model;

import java.util.List;

/**
 * How fast an attempt works: as fast as the slowest of its GPUs, at full clock if it has none.
 *
 * <p>Work is counted in thousandths of a millisecond at full clock, in whole numbers: the sum over any division of a
 * span is that of the span. GPUs that throttle in cycles of one length (all GPUs of a node under one load do) repeat what
 * they do together, so whole cycles are jumped over.
 */
final class SlowestClock {
    private final List<ThermalPath> gpus;
    private final long settledMs;
    private final long cycleMs;

    /** Holds as long as the load of no GPU changes. */
    SlowestClock(List<ThermalPath> gpus) {
        this.gpus = gpus;
        settledMs = gpus.stream().mapToLong(ThermalPath::settledMs).max().orElse(0);
        cycleMs = commonCycleMs(gpus);
    }

    /** 0 if nothing cycles, or cycles differ and nothing can be jumped over. */
    private static long commonCycleMs(List<ThermalPath> gpus) {
        long common = 0;
        for (var gpu : gpus) {
            long cycleMs = gpu.cycleMs();
            if (cycleMs != 0 && common != 0 && cycleMs != common) {
                return 0;
            }
            common = Math.max(common, cycleMs);
        }
        return common;
    }

    /** The work that is done from one moment to another. */
    long workMicro(long fromMs, long toMs) {
        long workMicro = 0;
        long atMs = fromMs;
        while (atMs < toMs) {
            if (isJumpable(atMs) && toMs - atMs >= cycleMs) {
                long cycles = (toMs - atMs) / cycleMs;
                workMicro += cycles * cycleWorkMicro(atMs);
                atMs += cycles * cycleMs;
                continue;
            }
            long stepEndMs = Math.min(toMs, nextChangeMs(atMs));
            workMicro += (stepEndMs - atMs) * clockMilliAt(atMs);
            atMs = stepEndMs;
        }
        return workMicro;
    }

    /** The first whole millisecond at which work that begins at {@code fromMs} is done. */
    long doneMs(long fromMs, long workMicro) {
        long leftMicro = workMicro;
        long atMs = fromMs;
        while (leftMicro > 0) {
            if (isJumpable(atMs)) {
                long cycleMicro = cycleWorkMicro(atMs);
                if (leftMicro >= cycleMicro) {
                    atMs += leftMicro / cycleMicro * cycleMs;
                    leftMicro %= cycleMicro;
                    continue;
                }
            }
            int clockMilli = clockMilliAt(atMs);
            long neededMs = Math.ceilDiv(leftMicro, clockMilli);
            long stepMs = Math.min(neededMs, nextChangeMs(atMs) - atMs);
            leftMicro -= stepMs * clockMilli;
            atMs += stepMs;
        }
        return atMs;
    }

    private boolean isJumpable(long atMs) {
        return cycleMs > 0 && atMs >= settledMs;
    }

    private long cycleWorkMicro(long fromMs) {
        long workMicro = 0;
        long endMs = fromMs + cycleMs;
        for (long atMs = fromMs; atMs < endMs; ) {
            long stepEndMs = Math.min(endMs, nextChangeMs(atMs));
            workMicro += (stepEndMs - atMs) * clockMilliAt(atMs);
            atMs = stepEndMs;
        }
        return workMicro;
    }

    private int clockMilliAt(long atMs) {
        int slowest = GpuPhysics.FULL_CLOCK_MILLI;
        for (var gpu : gpus) {
            slowest = Math.min(slowest, gpu.clockMilliAt(atMs));
        }
        return slowest;
    }

    private long nextChangeMs(long atMs) {
        long next = HeatLaw.NEVER;
        for (var gpu : gpus) {
            next = Math.min(next, gpu.nextChangeMs(atMs));
        }
        return next;
    }
}
