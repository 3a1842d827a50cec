package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.load.SubmissionLoad;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Collects the figures of one measurement. The name of a figure ends with its unit. */
final class Figures {
    private final Map<String, Double> values = new LinkedHashMap<>();

    Figures put(String name, double value) {
        values.put(name, value);
        return this;
    }

    /** Adds the percentiles of a histogram in microseconds. {@code prefix}: empty, or what was waited for and "_". */
    Figures latencies(String prefix, Histogram micros) {
        for (int percentile : new int[] {50, 90, 99}) {
            put(prefix + "p" + percentile + "_ms", micros.getValueAtPercentile(percentile) / 1e3);
        }
        return put(prefix + "max_ms", micros.getMaxValue() / 1e3);
    }

    /** Adds the latencies of submissions and placements, and how many failed. */
    Figures submissions(String prefix, SubmissionLoad.Result result) {
        return latencies(prefix + "answered_", result.answered())
                .latencies(prefix + "placed_", result.placed())
                .put(prefix + "refused_tasks", result.refusals())
                .put(prefix + "not_placed_tasks", result.missing())
                .put(prefix + "load_cpu_ms_a_task", result.cpuMillisATask());
    }

    Map<String, Double> toMap() {
        return values;
    }
}
