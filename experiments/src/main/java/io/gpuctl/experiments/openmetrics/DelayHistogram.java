package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.metrics.Metric;
import org.jspecify.annotations.Nullable;

/** The delays from submission to first placement, in the buckets of a live orchestrator. */
final class DelayHistogram {
    static final Family FAMILY = Family.of(Metric.PLACEMENT_DELAY);
    private static final double MS_PER_SECOND = 1_000;
    private static final long[] BUCKETS_MS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000, 3_600_000
    };

    private final long[] upTo = new long[BUCKETS_MS.length];
    private long count;
    private long sumMs;

    /**
     * Takes samples. {@code suffix} is the suffix of the name; {@code le} is the bucket, or null for the sum and the
     * count.
     */
    interface Sink {
        void sample(String suffix, double value, @Nullable String le);
    }

    void add(long delayMs) {
        count++;
        sumMs += Math.max(0, delayMs);
        for (int bucket = 0; bucket < BUCKETS_MS.length; bucket++) {
            upTo[bucket] += delayMs <= BUCKETS_MS[bucket] ? 1 : 0;
        }
    }

    void collect(Sink sink) {
        for (int bucket = 0; bucket < BUCKETS_MS.length; bucket++) {
            sink.sample("_bucket", (double) upTo[bucket], Double.toString(BUCKETS_MS[bucket] / MS_PER_SECOND));
        }
        sink.sample("_bucket", (double) count, "+Inf");
        sink.sample("_sum", sumMs / MS_PER_SECOND, null);
        sink.sample("_count", (double) count, null);
    }
}
