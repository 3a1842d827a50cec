package io.gpuctl.experiments.result.files;

import io.gpuctl.experiments.result.MetricValue;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Writes {@code metrics.csv}: every value of every run, one per line. */
final class MetricsCsv implements Closeable {

    /** The order of a run's values: by metric, then by arrived load. */
    static final Comparator<MetricValue> ORDER = Comparator.comparing(MetricValue::metric)
            .thenComparing(MetricValue::at, Comparator.nullsFirst(Comparator.naturalOrder()));

    private final Writer writer;

    MetricsCsv(Path file) throws IOException {
        writer = Files.newBufferedWriter(file);
        writer.write(Csv.line("experiment", "workload", "policy", "load", "seed", "at", "metric", "value"));
    }

    void add(RunResult result) throws IOException {
        RunKey key = result.key();
        List<MetricValue> values = result.metrics().stream().sorted(ORDER).toList();
        for (MetricValue value : values) {
            writer.write(Csv.line(
                    key.experiment(),
                    key.workload(),
                    key.policy(),
                    key.loadText(),
                    Long.toString(key.seed()),
                    value.at() == null ? "" : Integer.toString(value.at()),
                    value.metric().id(),
                    Csv.number(value.value())));
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
