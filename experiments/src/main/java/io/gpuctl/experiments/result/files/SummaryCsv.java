package io.gpuctl.experiments.result.files;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.summary.Estimate;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;

/**
 * Writes {@code summary.csv}: every metric's mean over the seeds, its standard deviation, and the 95 % confidence
 * interval of the mean. The standard deviation and the interval are empty for a single seed.
 */
final class SummaryCsv {

    private SummaryCsv() {}

    static void write(Path file, List<RunGroup> groups) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file)) {
            writer.write(Csv.line(
                    "experiment",
                    "workload",
                    "policy",
                    "load",
                    "at",
                    "metric",
                    "n",
                    "mean",
                    "sd",
                    "ci95_low",
                    "ci95_high"));
            for (RunGroup group : groups) {
                for (Map.Entry<Metric, SortedMap<Integer, Estimate>> metric :
                        group.estimates().entrySet()) {
                    for (Map.Entry<Integer, Estimate> at : metric.getValue().entrySet()) {
                        writer.write(line(group.key(), metric.getKey(), at.getKey(), at.getValue()));
                    }
                }
            }
        }
    }

    private static String line(RunKey key, Metric metric, int at, Estimate estimate) {
        boolean hasInterval = estimate.halfWidth().isPresent();
        return Csv.line(
                key.experiment(),
                key.workload(),
                key.policy(),
                key.loadText(),
                at == RunGroup.WHOLE_RUN ? "" : Integer.toString(at),
                metric.id(),
                Integer.toString(estimate.n()),
                Csv.number(estimate.mean()),
                number(estimate.standardDeviation()),
                hasInterval ? Csv.number(estimate.low()) : "",
                hasInterval ? Csv.number(estimate.high()) : "");
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? Csv.number(value.getAsDouble()) : "";
    }
}
