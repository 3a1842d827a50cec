package io.gpuctl.experiments.openmetrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * How a past is written.
 *
 * @param stepMs between two samples; null: as short as gives at most about 1,000 of a series, but not under 15 s
 * @param detail null: all, but only pools and nodes if there are more than {@link PastRecorder#GPUS_MAX} GPUs
 * @param shiftMs is added to the times of facts
 * @param labels of each series of a past that is a run of an experiment; empty: the policy and the seed that facts tell
 * @param telemetryAgeMsMax what was measured longer ago says nothing any more
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

    /** Of a run in virtual time, in which a node is not measured while nothing moves on it. */
    public static PastSettings ofRun(
            @Nullable Long stepMs, @Nullable Detail detail, long startMs, SequencedMap<String, String> labels) {
        return new PastSettings(stepMs, detail, startMs, labels, Long.MAX_VALUE);
    }

    /** Of a log: its own times, and the policies that it tells. Live nodes are measured once a second. */
    public static PastSettings ofLog(@Nullable Long stepMs, @Nullable Detail detail) {
        return new PastSettings(stepMs, detail, 0, new LinkedHashMap<>(), LIVE_TELEMETRY_AGE_MS_MAX);
    }

    /** What there are series of; each has those before it too. */
    public enum Detail {
        /** Pools and their queues. */
        POOLS,
        /** Nodes. */
        NODES,
        /** GPUs, and what runs on them. */
        GPUS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
