package io.gpuctl.orchestrator.core;

/**
 * The change of stored times when a pool's time is set back. A time after {@code fromMs} keeps its distance to the
 * pool's time, a time in between becomes {@code toMs}, and an earlier time stays. Times are ms of cluster time.
 *
 * @param fromMs the pool's time before the change
 * @param toMs the pool's time after the change; not after {@code fromMs}
 */
public record ClockShift(long fromMs, long toMs) {
    public long of(long atMs) {
        if (atMs <= toMs) {
            return atMs;
        }
        return atMs <= fromMs ? toMs : toMs + (atMs - fromMs);
    }
}
