package io.gpuctl.events;

/**
 * Cluster time: wall-clock time, or a faster time that is a linear function of it, for simulations. Every process of a
 * cluster must have the same one.
 *
 * @param wallOriginMs wall-clock time of the origin, ms since the epoch
 * @param clusterOriginMs cluster time of the origin, ms since the epoch
 * @param speed ms of cluster time per ms of wall-clock time
 * @param wallTime what wall-clock time is taken from
 */
public record ClusterClock(long wallOriginMs, long clusterOriginMs, double speed, WallTime wallTime) {
    /**
     * How far a record's time may be ahead of the clock, ms of wall-clock time: much more than the clocks of processes
     * differ that follow their Kafka cluster's, and little enough to wait for.
     */
    public static final long AHEAD_WALL_MS_MAX = 30_000;

    /** 2026-01-01T00:00Z: processes that share no file agree on this origin. */
    private static final long SHARED_ORIGIN_MS = 1_767_225_600_000L;

    public ClusterClock {
        Check.inRange("speed", speed, 0.001, 1_000_000);
    }

    /** By this machine's clock. */
    public ClusterClock(long wallOriginMs, long clusterOriginMs, double speed) {
        this(wallOriginMs, clusterOriginMs, speed, WallTime.SYSTEM);
    }

    /** Cluster time is wall-clock time. */
    public static ClusterClock wall() {
        return atSpeed(1);
    }

    /** The same in every process that asks for the same speed. */
    public static ClusterClock atSpeed(double speed) {
        return new ClusterClock(SHARED_ORIGIN_MS, SHARED_ORIGIN_MS, speed);
    }

    /** The same cluster time, of another clock on the wall. */
    public ClusterClock following(WallTime newWallTime) {
        return new ClusterClock(wallOriginMs, clusterOriginMs, speed, newWallTime);
    }

    /** Cluster time now, ms. */
    public long nowMs() {
        return clusterMs(wallTime.nowMs());
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

    /**
     * Checks the time that somebody has put into a record. A time in the past is fine: records wait, for hours if need be.
     *
     * @throws InvalidFieldException if it is no time, or lies further ahead than clocks differ
     */
    public void requireNotAhead(long atMs) {
        if (atMs < 0 || isAhead(atMs)) {
            throw new InvalidFieldException(
                    "at_ms",
                    atMs,
                    "a time from 0 to %d ms: the cluster's clock and %d s of wall-clock time"
                            .formatted(latestMs(), AHEAD_WALL_MS_MAX / 1_000));
        }
    }

    /** Whether a time lies further ahead than clocks differ. */
    public boolean isAhead(long atMs) {
        return atMs > latestMs();
    }

    private long latestMs() {
        return nowMs() + clusterDurationMs(AHEAD_WALL_MS_MAX);
    }
}
