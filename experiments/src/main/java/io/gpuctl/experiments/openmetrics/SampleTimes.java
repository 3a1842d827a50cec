package io.gpuctl.experiments.openmetrics;

import org.jspecify.annotations.Nullable;

/**
 * The times at which a past is sampled: from its beginning, at a fixed step. The length of a past is not known in
 * advance. So unless the step is given, it starts short and doubles whenever there are too many samples; half of the
 * samples taken are then dropped.
 */
final class SampleTimes {
    /** The scrape interval of our Prometheus configuration. */
    static final long SHORTEST_STEP_MS = 15_000;

    static final int POINTS_MAX = 1_000;

    private final boolean isGiven;
    private long stepMs;
    private long beginMs;
    private long nextMs;
    private long lastMs;
    private boolean hasBegun;

    SampleTimes(@Nullable Long givenStepMs) {
        isGiven = givenStepMs != null;
        stepMs = givenStepMs == null ? SHORTEST_STEP_MS : givenStepMs;
    }

    /** Starts the sampling at the time of the first record. */
    void begin(long atMs) {
        beginMs = Math.floorDiv(atMs, stepMs) * stepMs;
        nextMs = beginMs;
        lastMs = beginMs;
        hasBegun = true;
    }

    boolean hasBegun() {
        return hasBegun;
    }

    /** Returns when the next sample is due. */
    long nextMs() {
        return nextMs;
    }

    /** Notes that the next sample was taken. */
    void taken() {
        lastMs = nextMs;
        if (!isGiven && (nextMs - beginMs) / stepMs >= POINTS_MAX) {
            stepMs *= 2;
        }
        nextMs = beginMs + ((nextMs - beginMs) / stepMs + 1) * stepMs;
    }

    /** Returns whether a sample taken at this time is kept. */
    boolean keeps(long atMs) {
        return (atMs - beginMs) % stepMs == 0;
    }

    long stepMs() {
        return stepMs;
    }

    long beginMs() {
        return beginMs;
    }

    /** Returns the time of the last sample. */
    long lastMs() {
        return lastMs;
    }
}
