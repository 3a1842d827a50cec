package io.gpuctl.experiments.expect;

import io.gpuctl.events.input.CsvException;
import io.gpuctl.events.input.CsvRow;
import io.gpuctl.events.input.CsvText;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.events.input.TextFile;
import io.gpuctl.events.units.Decimals;
import io.gpuctl.events.units.Numbers;
import io.gpuctl.events.units.PlainText;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.spec.ExperimentFileException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads published values: CSV with a header line and the columns {@code metric}, {@code policy}, {@code workload} or
 * {@code trace}, {@code mean} or {@code value}. Values at an arrived load also have {@code arrived_pct}; only values at
 * 100 % are read. Other columns are ignored.
 */
public final class PublishedFile {
    /** The load at which values are compared: the tasks have asked for all GPUs of the cluster. */
    private static final int ARRIVED_PERCENT = 100;

    private static final Map<String, Metric> OTHER_NAMES = new TreeMap<>();

    static {
        OTHER_NAMES.put("avg_jct_s", Metric.JCT_MEAN);
        OTHER_NAMES.put("p99_jct_s", Metric.JCT_P99);
    }

    private PublishedFile() {}

    /**
     * Reads all values. Skips values of metrics that we do not measure.
     *
     * @throws ExperimentFileException if the file cannot be read, or does not have this format
     */
    public static List<PublishedValue> read(Path file) {
        List<PublishedValue> values = new ArrayList<>();
        try (var text = TextFile.open(file)) {
            CsvText rows = CsvText.of(text.reader(), List.of("metric", "policy"));
            for (Optional<CsvRow> row = rows.next(); row.isPresent(); row = rows.next()) {
                value(row.get().values()).ifPresent(values::add);
            }
        } catch (CsvException e) {
            throw new ExperimentFileException("%s, line %d: %s".formatted(file, e.line(), e.getMessage()));
        } catch (IOException e) {
            throw new ExperimentFileException("%s cannot be read: %s".formatted(file, FileFailure.reason(e)));
        } catch (IllegalArgumentException e) {
            throw new ExperimentFileException("%s: %s".formatted(file, e.getMessage()));
        }
        return List.copyOf(values);
    }

    private static Optional<PublishedValue> value(Map<String, String> row) {
        String workload = first(row, "workload", "trace");
        String policy = first(row, "policy");
        String value = first(row, "mean", "value");
        String at = row.get("arrived_pct");
        return metric(first(row, "metric"))
                .filter(metric -> metric.isAtArrivedLoad() == (at != null))
                .filter(metric -> at == null || Numbers.whole("arrived_pct", at, 3) == ARRIVED_PERCENT)
                .map(metric -> new PublishedValue(
                        workload, policy, metric, at == null ? null : ARRIVED_PERCENT, number(value)));
    }

    private static BigDecimal number(String value) {
        return Decimals.parse(value)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'%s' is not a number that can be compared".formatted(PlainText.quoted(value))));
    }

    private static String first(Map<String, String> row, String... columns) {
        return Arrays.stream(columns)
                .filter(row::containsKey)
                .map(row::get)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a row has no column " + String.join(" or ", columns)));
    }

    private static Optional<Metric> metric(String name) {
        Metric other = OTHER_NAMES.get(name);
        return other != null
                ? Optional.of(other)
                : Arrays.stream(Metric.values())
                        .filter(metric -> metric.id().equals(name))
                        .findFirst();
    }
}
