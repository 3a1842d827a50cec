package io.gpuctl.api.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Samples of the end offset of a partition over time, which tell for how long an unprocessed record has existed. Keeps
 * only the samples needed for that, and at most {@value #SAMPLES_MAX}; beyond that, the time is less exact. Not
 * thread-safe.
 */
final class EndOffsets {
    static final int SAMPLES_MAX = 1_000;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long end, long atNanos) {}

    /** Adds a sample: at this time the partition ended before this offset. */
    void sample(long end, long atNanos) {
        if (!samples.isEmpty() && samples.getLast().end() == end) {
            return;
        }
        if (samples.size() == SAMPLES_MAX) {
            samples.removeLast();
        }
        samples.addLast(new Sample(end, atNanos));
    }

    /**
     * Returns for how long the first unprocessed record has existed, counted from the first sample that includes it; 0
     * if all sampled records are processed.
     *
     * @param next the offset of the first unprocessed record
     */
    long unprocessedNanos(long next, long nowNanos) {
        Iterator<Sample> oldest = samples.iterator();
        while (oldest.hasNext()) {
            Sample sample = oldest.next();
            if (sample.end() > next) {
                return nowNanos - sample.atNanos();
            }
            // Keep the last sample, which shows that no record has arrived since.
            if (oldest.hasNext()) {
                oldest.remove();
            }
        }
        return 0;
    }
}
