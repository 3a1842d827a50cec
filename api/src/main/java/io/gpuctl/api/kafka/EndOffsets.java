package io.gpuctl.api.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * How far a partition went when: so that it can be told for how long a record has been there that nobody has processed. Keeps
 * what is needed for that, and at most {@value #SAMPLES_MAX} samples; with more, the time is told less exactly. Not
 * thread-safe.
 */
final class EndOffsets {
    static final int SAMPLES_MAX = 1_000;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long end, long atNanos) {}

    /** At that time the partition ended before this offset. */
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
     * For how long the first record has been there that is not processed: since it was seen first. 0 if all that was seen is
     * processed.
     *
     * @param next the offset of that record
     */
    long unprocessedNanos(long next, long nowNanos) {
        Iterator<Sample> oldest = samples.iterator();
        while (oldest.hasNext()) {
            Sample sample = oldest.next();
            if (sample.end() > next) {
                return nowNanos - sample.atNanos();
            }
            // The last one stays: it says that nothing has come since.
            if (oldest.hasNext()) {
                oldest.remove();
            }
        }
        return 0;
    }
}
