package io.gpuctl.audit.rules;

import io.gpuctl.events.ClusterClock;

/** Tells which inputs an orchestrator refuses to read, so that they lead to no facts. */
final class Refused {
    private Refused() {}

    /**
     * Returns whether an input without facts was refused because of its time. If it had been read, a fact would have a
     * time as late.
     *
     * @param factsAtMs the time of the latest fact so far, ms of cluster time
     */
    static boolean forItsTime(long atMs, long factsAtMs) {
        return atMs < 0 || atMs - ClusterClock.AHEAD_WALL_MS_MAX > factsAtMs;
    }
}
