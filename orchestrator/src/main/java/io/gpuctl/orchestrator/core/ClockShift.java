package io.gpuctl.orchestrator.core;

/**
 * How times move when a pool's time is set back: what lay ahead lies as far ahead as before, what was in between is now, and
 * what was before stays. Times are ms of cluster time.
 *
 * @param fromMs the pool's time until now
 * @param toMs its time from now on; not after {@code fromMs}
 */
public record ClockShift(long fromMs, long toMs) {
    public long of(long atMs) {
        if (atMs <= toMs) {
            return atMs;
        }
        return atMs <= fromMs ? toMs : toMs + (atMs - fromMs);
    }
}
