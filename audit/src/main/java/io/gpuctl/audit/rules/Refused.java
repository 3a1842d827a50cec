package io.gpuctl.audit.rules;

import io.gpuctl.events.ClusterClock;

/** Which inputs an orchestrator does not read: no fact comes of them. */
final class Refused {
    private Refused() {}

    /**
     * Whether an input that led to nothing was refused for its time. Had it been read, a fact would be as late.
     *
     * @param factsAtMs of the latest fact until then
     */
    static boolean forItsTime(long atMs, long factsAtMs) {
        return atMs < 0 || atMs - ClusterClock.AHEAD_WALL_MS_MAX > factsAtMs;
    }
}
