package io.gpuctl.events.kafka;

import java.time.Duration;
import java.util.OptionalLong;

/** A limit on the lines that go to a log in a minute. May be used from any thread. */
final class LogBudget {
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final int perMinute;
    private long minuteBeganNanos;
    private int left;
    private long unsaid;

    LogBudget(int perMinute) {
        this.perMinute = perMinute;
        left = perMinute;
    }

    /**
     * Asks for permission to log a line.
     *
     * @param nowNanos of {@link System#nanoTime}
     * @return empty if the line is refused; else how many lines were refused since the last one that was granted
     */
    synchronized OptionalLong take(long nowNanos) {
        if (left == perMinute) {
            minuteBeganNanos = nowNanos;
        } else if (nowNanos - minuteBeganNanos >= MINUTE_NANOS) {
            minuteBeganNanos = nowNanos;
            left = perMinute;
        }
        if (left == 0) {
            unsaid++;
            return OptionalLong.empty();
        }
        left--;
        long before = unsaid;
        unsaid = 0;
        return OptionalLong.of(before);
    }
}
