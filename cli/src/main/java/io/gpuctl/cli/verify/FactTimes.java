package io.gpuctl.cli.verify;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks whether facts carry times that lay in the future when they were written: an input had a wrong time, or a clock
 * was wrong. Works only for pools at wall-clock speed, which their settings show.
 */
final class FactTimes {
    /** The tolerated lead of a fact's time: more than inputs may be ahead, plus the difference between clocks. */
    private static final long AHEAD_MS_MAX = 60_000;

    /** The timeout at wall-clock speed; at other speeds, the timeout in cluster time is multiplied by the speed. */
    private static final long LOST_AFTER_MS = 10_000;

    private final Map<PoolId, Pool> pools = new TreeMap<>();

    private static final class Pool {
        boolean followsTheWall;
        long ahead;
        long firstSequence;
        long firstAheadMs;
        boolean mended;
    }

    /** {@code writtenMs}: the timestamp of the fact's record, ms of wall-clock time. */
    void add(Fact fact, long writtenMs) {
        Pool pool = pools.computeIfAbsent(fact.pool(), id -> new Pool());
        if (fact.event() instanceof ClusterEvent.PoolConfigured configured) {
            pool.followsTheWall = configured.settings().lostAfterMs() == LOST_AFTER_MS;
        } else if (fact.event() instanceof ClusterEvent.ClockSetBack) {
            pool.mended = true;
        }
        if (pool.followsTheWall && fact.atMs() - AHEAD_MS_MAX > writtenMs) {
            pool.mended = false;
            if (pool.ahead++ == 0) {
                pool.firstSequence = fact.sequence();
                pool.firstAheadMs = fact.atMs() - writtenMs;
            }
        }
    }

    List<String> notes() {
        return pools.entrySet().stream()
                .filter(pool -> pool.getValue().ahead > 0)
                .map(pool -> note(pool.getKey(), pool.getValue()))
                .toList();
    }

    private static String note(PoolId id, Pool pool) {
        return "pool %s: the times of %d facts were ahead of the clock when they were written, the first at fact %d, by %s. %s"
                .formatted(
                        id,
                        pool.ahead,
                        pool.firstSequence,
                        Duration.ofMillis(pool.firstAheadMs),
                        pool.mended
                                ? "A later fact has set the clock back."
                                : "The next orchestrator that runs sets the clock back, with a fact (clock_set_back).");
    }
}
