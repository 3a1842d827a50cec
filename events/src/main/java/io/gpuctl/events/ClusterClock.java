package io.gpuctl.events;

/**
 * Cluster time: wall-clock time, or a faster time that is a linear function of it, for simulations. All processes of a
 * cluster must use the same clock.
 *
 * @param wallOriginMs wall-clock time of the origin, ms since the epoch
 * @param clusterOriginMs cluster time of the origin, ms since the epoch
 * @param speed ms of cluster time per ms of wall-clock time
 * @param wallTime the source of wall-clock time
 */
public record ClusterClock(long wallOriginMs, long clusterOriginMs, double speed, WallTime wallTime) {
    /**
     * The maximum by which a record's time may be ahead of the clock, ms of wall-clock time. Processes follow the clock
     * of their Kafka cluster, so their clocks differ by much less. The limit is so short that waiting for it is
     * acceptable.
     */
    public static final long AHEAD_WALL_MS_MAX = 30_000;

    /** 2026-01-01T00:00Z: processes that share no file agree on this origin. */
    private static final long SHARED_ORIGIN_MS = 1_767_225_600_000L;

    public ClusterClock {
        Check.inRange("speed", speed, 0.001, 1_000_000);
    }

    /** A clock that follows this machine's clock. */
    public ClusterClock(long wallOriginMs, long clusterOriginMs, double speed) {
        this(wallOriginMs, clusterOriginMs, speed, WallTime.SYSTEM);
    }

    /** Returns the clock whose cluster time is wall-clock time. */
    public static ClusterClock wall() {
        return atSpeed(1);
    }

    /** Returns the clock of this speed: the same in every process that asks for the same speed. */
    public static ClusterClock atSpeed(double speed) {
        return new ClusterClock(SHARED_ORIGIN_MS, SHARED_ORIGIN_MS, speed);
    }

    /** Returns the same clock with another source of wall-clock time. */
    public ClusterClock following(WallTime newWallTime) {
        return new ClusterClock(wallOriginMs, clusterOriginMs, speed, newWallTime);
    }

    /** Returns the cluster time now, ms. */
    public long nowMs() {
        return clusterMs(wallTime.nowMs());
    }

    public long clusterMs(long wallMs) {
        return clusterOriginMs + Math.round((wallMs - wallOriginMs) * speed);
    }

    /** Returns the wall-clock time at which cluster time reaches {@code clusterMs}, ms since the epoch. */
    public long wallMs(long clusterMs) {
        return wallOriginMs + (long) Math.ceil((clusterMs - clusterOriginMs) / speed);
    }

    /** Returns how much cluster time passes in a span of wall-clock time, ms. */
    public long clusterDurationMs(long wallDurationMs) {
        return Math.max(1, Math.round(wallDurationMs * speed));
    }

    /**
     * Checks the time that the writer of a record put into it. A time in the past is allowed: a record may wait for
     * hours.
     *
     * @throws InvalidFieldException if the time is negative, or further ahead than {@link #AHEAD_WALL_MS_MAX} allows
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

    /** Returns whether a time is further ahead than {@link #AHEAD_WALL_MS_MAX} allows. */
    public boolean isAhead(long atMs) {
        return atMs > latestMs();
    }

    private long latestMs() {
        return nowMs() + clusterDurationMs(AHEAD_WALL_MS_MAX);
    }
}
