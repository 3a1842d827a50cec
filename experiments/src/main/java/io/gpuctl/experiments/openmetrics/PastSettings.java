package io.gpuctl.experiments.openmetrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings for writing a past.
 *
 * @param stepMs time between two samples; if null, the shortest with at most about 1,000 samples per series, and at
 *     least 15 s
 * @param detail which series to write; if null, all series, but none of GPUs if there are more than
 *     {@link PastRecorder#GPUS_MAX} GPUs
 * @param shiftMs added to the times of facts
 * @param labels labels of each series for a run of an experiment; if empty, the policy and the seed from the facts
 * @param telemetryAgeMsMax older measurements are ignored
 */
public record PastSettings(
        @Nullable Long stepMs,
        @Nullable Detail detail,
        long shiftMs,
        SequencedMap<String, String> labels,
        long telemetryAgeMsMax) {
    static final String POLICY = "policy";
    static final String SEED = "seed";
    private static final long LIVE_TELEMETRY_AGE_MS_MAX = 60_000;

    public PastSettings {
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
    }

    /** Returns settings for a run in virtual time, which does not measure a node while nothing on it changes. */
    public static PastSettings ofRun(
            @Nullable Long stepMs, @Nullable Detail detail, long startMs, SequencedMap<String, String> labels) {
        return new PastSettings(stepMs, detail, startMs, labels, Long.MAX_VALUE);
    }

    /** Returns settings for a log, with its own times and policies. Live nodes are measured once a second. */
    public static PastSettings ofLog(@Nullable Long stepMs, @Nullable Detail detail) {
        return new PastSettings(stepMs, detail, 0, new LinkedHashMap<>(), LIVE_TELEMETRY_AGE_MS_MAX);
    }

    /** The series to write; each level includes the levels before it. */
    public enum Detail {
        /** Pools and their queues. */
        POOLS,
        /** Nodes. */
        NODES,
        /** GPUs and the attempts on them. */
        GPUS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
