package io.gpuctl.experiments.openmetrics;

import org.jspecify.annotations.Nullable;

/**
 * When a past is sampled: from its beginning on, at a step. Nobody knows how long it will be; so unless the step is given,
 * it begins short and doubles whenever there are too many samples. Half of those that were taken are then left out.
 */
final class SampleTimes {
    /** As often as Prometheus scrapes in our configuration. */
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

    /** The first thing happens then. */
    void begin(long atMs) {
        beginMs = Math.floorDiv(atMs, stepMs) * stepMs;
        nextMs = beginMs;
        lastMs = beginMs;
        hasBegun = true;
    }

    boolean hasBegun() {
        return hasBegun;
    }

    /** When the next sample is due. */
    long nextMs() {
        return nextMs;
    }

    /** It has been taken. */
    void taken() {
        lastMs = nextMs;
        if (!isGiven && (nextMs - beginMs) / stepMs >= POINTS_MAX) {
            stepMs *= 2;
        }
        nextMs = beginMs + ((nextMs - beginMs) / stepMs + 1) * stepMs;
    }

    /** Whether a sample that was taken is one of those that remain. */
    boolean keeps(long atMs) {
        return (atMs - beginMs) % stepMs == 0;
    }

    long stepMs() {
        return stepMs;
    }

    long beginMs() {
        return beginMs;
    }

    /** Of the last sample. */
    long lastMs() {
        return lastMs;
    }
}
