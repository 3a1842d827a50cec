package io.gpuctl.cli.log;

import io.gpuctl.cli.kafka.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The pace at which records are written. */
interface Pace {

    /** Waits until a record with that timestamp is due. */
    void await(long timestampMs, Progress progress) throws InterruptedException;

    /** Returns a pace without waits. */
    static Pace atOnce() {
        return (_, _) -> {};
    }

    /**
     * Returns a pace that keeps the original intervals, divided by the speed. The first record, and a record older than
     * the record before it, is due at once.
     */
    static Pace times(double speed) {
        return new Pace() {
            private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

            private long firstMs = -1;
            private long startNanos;

            @Override
            public void await(long timestampMs, Progress progress) throws InterruptedException {
                if (firstMs < 0) {
                    firstMs = timestampMs;
                    startNanos = System.nanoTime();
                }
                double dueInNanos = (timestampMs - firstMs) / speed * 1e6;
                for (double left = left(dueInNanos); left > 0; left = left(dueInNanos)) {
                    progress.show(", at " + Instant.ofEpochMilli(timestampMs - (long) (left * speed / 1e6)));
                    TimeUnit.NANOSECONDS.sleep((long) Math.ceil(Math.min(left, (double) LOOK_EVERY_NANOS)));
                }
            }

            private double left(double dueInNanos) {
                return dueInNanos - (System.nanoTime() - startNanos);
            }
        };
    }
}
