package io.gpuctl.events;

/**
 * Cluster time: wall-clock time, or a faster time that is a linear function of it, for simulations. Every process of a
 * cluster must have the same one.
 *
 * @param wallOriginMs wall-clock time of the origin, ms since the epoch
 * @param clusterOriginMs cluster time of the origin, ms since the epoch
 * @param speed ms of cluster time per ms of wall-clock time
 */
public record ClusterClock(long wallOriginMs, long clusterOriginMs, double speed) {
    /** 2026-01-01T00:00Z: processes that share no file agree on this origin. */
    private static final long SHARED_ORIGIN_MS = 1_767_225_600_000L;

    public ClusterClock {
        Check.inRange("speed", speed, 0.001, 1_000_000);
    }

    /** Cluster time is wall-clock time. */
    public static ClusterClock wall() {
        return atSpeed(1);
    }

    /** The same in every process that asks for the same speed. */
    public static ClusterClock atSpeed(double speed) {
        return new ClusterClock(SHARED_ORIGIN_MS, SHARED_ORIGIN_MS, speed);
    }

    /** Cluster time that stands at {@code clusterMs} now. */
    public static ClusterClock startingAt(long clusterMs, double speed) {
        return new ClusterClock(System.currentTimeMillis(), clusterMs, speed);
    }

    /** Cluster time now, ms. */
    public long nowMs() {
        return clusterMs(System.currentTimeMillis());
    }

    public long clusterMs(long wallMs) {
        return clusterOriginMs + Math.round((wallMs - wallOriginMs) * speed);
    }

    /** The wall-clock time at which cluster time reaches {@code clusterMs}, ms since the epoch. */
    public long wallMs(long clusterMs) {
        return wallOriginMs + (long) Math.ceil((clusterMs - clusterOriginMs) / speed);
    }

    /** How much cluster time passes in that much wall-clock time, ms. */
    public long clusterDurationMs(long wallDurationMs) {
        return Math.max(1, Math.round(wallDurationMs * speed));
    }
}
