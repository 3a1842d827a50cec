package io.gpuctl.cli.log;

import io.gpuctl.events.units.Counted;
import io.gpuctl.events.units.Durations;
import io.gpuctl.experiments.openmetrics.PastRecorder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Describes the metrics written for a past run, for people. */
public final class PastText {
    /** By default, Prometheus looks back this far for the newest sample. */
    private static final long LOOKBACK_MS = 300_000;

    private PastText() {}

    public static List<String> lines(PastRecorder.Summary summary) {
        List<String> lines = new ArrayList<>();
        lines.add("%,d series, %s, one every %s, from %s to %s"
                .formatted(
                        summary.series(),
                        Counted.of(summary.samples(), "sample"),
                        Durations.human(summary.stepMs()),
                        Instant.ofEpochMilli(summary.beginMs()),
                        Instant.ofEpochMilli(summary.endMs())));
        if (!summary.hasTelemetry()) {
            lines.add(
                    "no telemetry: the measurements of GPUs are from the smoothed conditions in the facts, if there are any");
        }
        if (!summary.leftOut().isEmpty()) {
            lines.add("left out: " + summary.leftOut());
        }
        lines.addAll(hints(summary.stepMs()));
        return lines;
    }

    /** Returns the options that Prometheus needs to show samples this far apart. */
    public static List<String> hints(long stepMs) {
        return stepMs < LOOKBACK_MS
                ? List.of()
                : List.of("start Prometheus with --query.lookback-delta=%ds, else charts have gaps between the samples"
                        .formatted(2 * stepMs / 1_000));
    }
}
